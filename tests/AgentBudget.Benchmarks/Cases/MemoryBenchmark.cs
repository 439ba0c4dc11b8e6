namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// Managed bytes that an idle session keeps: three categories, 16 recent keys, a loop window of 32 calls. Measured on a SQLite ledger,
/// so that the timeline is where it belongs and not in memory.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Sessions = 5_000;
    private const int Calls = 32;

    public static async Task<double> RunAsync()
    {
        Console.Error.WriteLine("memory: 5,000 idle sessions");
        var folder = Directory.CreateTempSubdirectory("agentbudget-memory-");
        try
        {
            await using var budget = await EmbeddedAgentBudget.StartAsync(folder.FullName);
            // The first ones bring in what is shared by all.
            await UseAsync(budget, "warm", 100);
            await Task.Delay(TimeSpan.FromSeconds(3));
            var before = Measure();
            await UseAsync(budget, "idle", Sessions);
            // At rest: what a ledger still has on its way to its tables is not what a session keeps.
            await Task.Delay(TimeSpan.FromSeconds(3));
            var after = Measure();
            return (after - before) / (double)Sessions;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task UseAsync(EmbeddedAgentBudget budget, string prefix, int count)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(500))
        {
            await Task.WhenAll(
                some.Select(async i =>
                {
                    var session = budget.Grains.GetGrain<IBudgetSession>($"{prefix}-{i:d5}");
                    await session.OpenAsync(new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.Parse("5") } });
                    for (var call = 0; call < Calls; call++)
                    {
                        await session.ChargeAsync(
                            new ChargeCommand
                            {
                                Cost = Money.FromNanoDollars(1_000),
                                Call = new Call
                                {
                                    Kind = (CallKind)(call % 2),
                                    Name = call % 3 == 0 ? "gpt-5" : $"tool-{call % 2}",
                                    Fingerprint = (ulong)call + 1,
                                },
                                Key = $"key-{prefix}-{i:d5}-{call:d2}",
                                IsKeyFresh = true,
                            }
                        );
                    }
                })
            );
        }
    }

    private static long Measure()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
