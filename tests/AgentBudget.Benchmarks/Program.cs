using AgentBudget.Benchmarks.Cases;

// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- ledger [--quick] [--json FILE]
if (args is not ["ledger", ..])
{
    Console.Error.WriteLine("Usage: ledger [--quick] [--json FILE]");
    return 2;
}

var isQuick = args.Contains("--quick");
var benchmark = isQuick ? new LedgerBenchmark(3, TimeSpan.FromSeconds(1)) : new LedgerBenchmark(5, TimeSpan.FromSeconds(3));
var report = await benchmark.RunAsync();
report.Write(Console.Out);
var json = Array.IndexOf(args, "--json");
if (json >= 0 && json + 1 < args.Length) report.WriteJson(args[json + 1]);
return 0;
