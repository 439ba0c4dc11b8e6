using System.Globalization;
using AgentBudget.Benchmarks.Cases;
using AgentBudget.Benchmarks.Load;
using AgentBudget.Benchmarks.Pricing;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- ledger [--quick] [--rounds N] [--seconds S] [--only TEXT]
//     [--json FILE]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- compare FOLDER [--only TEXT] [--rounds N] [--seconds S]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- loops [--quick] [--json FILE]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- wrap [--quick] [--json FILE]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- http|middleware [--quick]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- feed [--quick]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- webhooks [--quick]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- tenant-load [--levels 1,3]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- tenant-figures [--quick] [--only hot|steady|wait|shares|closed]
//     [--closed N]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- tenants [--quick] [--sessions N] [--json FILE]
// dotnet run -c Release --project tests/AgentBudget.Benchmarks -- pricing|responses [options of BenchmarkDotNet]
if (args is ["pricing", ..])
{
    BenchmarkRunner.Run<PricingBenchmark>(args: args[1..]);
    return 0;
}

if (args is ["responses", ..])
{
    BenchmarkRunner.Run<ResponseBenchmark>(args: args[1..]);
    return 0;
}

if (args is ["tenant-load", ..])
{
    var levels = (ValueOf("--levels") ?? "1,3").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture));
    await new TenantLoad(Console.Out).RunAsync([.. levels]);
    return 0;
}

if (args is ["tenant-figures", ..])
{
    var closed = int.Parse(ValueOf("--closed") ?? "100000", CultureInfo.InvariantCulture);
    await new TenantFigures(Console.Out, args.Contains("--quick") ? 3 : 7, closed).RunAsync(ValueOf("--only"));
    return 0;
}

if (args is ["feed", ..])
{
    await new FeedBenchmark(args.Contains("--quick") ? 3 : 5, TimeSpan.FromSeconds(4), Console.Out).RunAsync();
    return 0;
}

if (args is ["webhooks", ..])
{
    await new WebhookBenchmark(args.Contains("--quick") ? 1 : 5, TimeSpan.FromSeconds(4), Console.Out).RunAsync();
    return 0;
}

if (args is ["middleware", ..])
{
    var middleware = new MiddlewareBenchmark(args.Contains("--quick") ? 5 : 15, args.Contains("--quick") ? 2_000 : 10_000);
    await middleware.RunAsync();
    middleware.Write(Console.Out);
    return 0;
}

if (args is ["http", ..])
{
    var http = new HttpBenchmark(args.Contains("--quick") ? 5 : 15, args.Contains("--quick") ? 2_000 : 10_000);
    await http.RunAsync();
    http.Write(Console.Out);
    return 0;
}

if (args is ["compare", var folder, ..])
{
    var comparison = new BuildComparison(folder, Number("--rounds", 20), Seconds(0.5), ValueOf("--only"));
    try
    {
        await comparison.RunAsync();
    }
    catch (InvalidOperationException exception)
    {
        Console.Error.WriteLine(exception.Message);
        return 2;
    }

    comparison.Write(Console.Out);
    return 0;
}

// One of the two builds that are compared.
if (args is ["turns", ..])
{
    var turns = new Turns(Console.In, Console.Out);
    await new LedgerBenchmark(Number("--rounds", 20), TimeSpan.FromSeconds(Seconds(0.5)), ValueOf("--only"), turns).RunAsync();
    return 0;
}

if (args is not ["ledger" or "loops" or "tenants" or "wrap", ..])
{
    Console.Error.WriteLine(
        "Usage: ledger [--quick] [--rounds N] [--seconds S] [--only TEXT] [--json FILE] | "
            + "compare FOLDER [--rounds N] [--seconds S] [--only TEXT] | "
            + "loops|tenants|wrap [--quick] [--json FILE] | "
            + "feed|webhooks|http|middleware [--quick] | tenant-load | "
            + "tenant-figures [--quick] [--only NAME] [--closed N] | "
            + "pricing|responses [options of BenchmarkDotNet]"
    );
    return 2;
}

if (args[0] == "loops")
{
    var loops = new LoopBenchmark(args.Contains("--quick") ? 3 : 9, args.Contains("--quick") ? 50_000 : 200_000);
    loops.Run();
    loops.Write(Console.Out);
    if (ValueOf("--json") is { } file)
        loops.WriteJson(file);
    return 0;
}

if (args[0] == "wrap")
{
    var wrap = new WrapBenchmark(args.Contains("--quick") ? 5 : 15, args.Contains("--quick") ? 2_000 : 10_000);
    await wrap.RunAsync();
    wrap.Write(Console.Out);
    if (ValueOf("--json") is { } file)
        wrap.WriteJson(file);
    return 0;
}

if (args[0] == "tenants")
{
    var tenants = new TenantBenchmark(
        int.Parse(ValueOf("--sessions") ?? "10000", CultureInfo.InvariantCulture),
        args.Contains("--quick") ? 1 : 3
    );
    await tenants.RunAsync();
    tenants.Write(Console.Out);
    if (ValueOf("--json") is { } file)
        tenants.WriteJson(file);
    return 0;
}

var isQuick = args.Contains("--quick");
var benchmark = new LedgerBenchmark(Number("--rounds", isQuick ? 3 : 5), TimeSpan.FromSeconds(Seconds(isQuick ? 1 : 3)), ValueOf("--only"));
var report = await benchmark.RunAsync();
report.Write(Console.Out);
if (ValueOf("--json") is { } json)
    report.WriteJson(json);
return 0;

int Number(string option, int unsaid) =>
    ValueOf(option) is { } text ? Math.Clamp(int.Parse(text, CultureInfo.InvariantCulture), 1, 10_000) : unsaid;

double Seconds(double unsaid) =>
    ValueOf("--seconds") is { } text ? Math.Clamp(double.Parse(text, CultureInfo.InvariantCulture), 0.05, 600) : unsaid;

string? ValueOf(string option)
{
    var place = Array.IndexOf(args, option);
    return place >= 0 && place + 1 < args.Length ? args[place + 1] : null;
}
