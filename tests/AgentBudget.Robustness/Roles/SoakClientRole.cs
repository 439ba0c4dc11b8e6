using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Processes;
using AgentBudget.Robustness.Soaks;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Roles;

/// <summary>A client of a soak: opens its sessions, charges them from when it is told to until it is told to stop.</summary>
internal static class SoakClientRole
{
    /// <summary>The word under which it says its <see cref="SoakTotals"/>.</summary>
    public const string Totals = "TOTALS";

    /// <summary>The line that lets it begin.</summary>
    public const string Begin = "begin";

    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string folder, int index)
    {
        var file = RoleFile.Read(folder);
        await using var client = await LedgerClient.StartAsync(file);
        string[] ids =
        [
            .. Enumerable.Range(0, file.Sessions).Where(number => number % file.Clients == index).Select(WorkloadSettings.SessionId),
        ];
        using var load = new SoakLoad(
            client.Grains,
            FormattableString.Invariant($"soak-{index}"),
            ids,
            RateOf(file, index),
            file.Seed + index,
            TimeProvider.System
        );
        await load.OpenAsync();
        Console.WriteLine(RoleProcess.Ready);
        if (await Console.In.ReadLineAsync() != Begin)
            return 3;
        using var stop = new CancellationTokenSource();
        using var saying = new Timer(_ => Say(load), null, SayEvery, SayEvery);
        var listening = Task.Run(() =>
        {
            // The coordinator says so, or is gone.
            var told = Console.In.ReadLine();
            if (told is null)
                Environment.Exit(3);
            stop.Cancel();
        });
        await load.RunAsync(stop.Token);
        await saying.DisposeAsync();
        Say(load);
        return 0;
    }

    // What does not divide evenly goes to the first clients.
    private static int RateOf(RoleFile file, int index) =>
        (file.OperationsPerSecond / file.Clients) + (index < file.OperationsPerSecond % file.Clients ? 1 : 0);

    private static void Say(SoakLoad load) => RoleProcess.Say(Totals, HistoryJson.Text(load.Totals));
}
