using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Processes;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Roles;

/// <summary>A client process: works until it is told to stop, and ends when all that it sent is known or given up.</summary>
internal static class ClientRole
{
    /// <summary>The word under which it says its counts.</summary>
    public const string Counted = "COUNTED";

    /// <summary>The word under which it says how many of the charges that come besides are made.</summary>
    public const string Charged = "CHARGED";

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(20);

    /// <summary>The history of a client.</summary>
    public static string HistoryPath(string folder, int index) =>
        Path.Combine(folder, FormattableString.Invariant($"history-c{index}.jsonl"));

    public static async Task<int> RunAsync(string folder, int index)
    {
        var file = RoleFile.Read(folder);
        var settings = new WorkloadSettings
        {
            Seed = file.Seed,
            Sessions = file.Sessions,
            Children = file.Children,
            TenantSessions = file.TenantSessions,
            Charges = file.Charges,
            ChargesWithin = TimeSpan.FromSeconds(file.ChargesWithinSeconds),
            Client = index,
            Clients = file.Clients,
            OperationsPerSecond = Math.Max(1, file.OperationsPerSecond / file.Clients),
        };
        await using var client = await LedgerClient.StartAsync(file);
        using var history = HistoryWriter.To(HistoryPath(folder, index));
        var workload = new Workload(settings, client.Grains, history, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var giveUp = new CancellationTokenSource();
        using var counting = new Timer(_ => Count(workload), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Console.WriteLine(RoleProcess.Ready);
        var listening = Task.Run(() =>
        {
            // The coordinator says so, or is gone.
            var told = Console.In.ReadLine();
            stop.Cancel();
            if (told is null)
                Environment.Exit(3);
            giveUp.CancelAfter(GiveUpAfter);
        });
        await workload.RunAsync(stop.Token, giveUp.Token);
        Count(workload);
        return 0;
    }

    private static void Count(Workload workload)
    {
        var counts = workload.Counts;
        RoleProcess.Say(
            Counted,
            FormattableString.Invariant(
                $"{counts.Acknowledged} {counts.Refused} {counts.Unknown} {counts.Failed} {(long)counts.Worst.TotalMilliseconds}"
            )
        );
        RoleProcess.Say(Charged, FormattableString.Invariant($"{workload.ChargesMade}"));
    }
}
