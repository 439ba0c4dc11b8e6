using System.Globalization;
using System.Net;
using AgentBudget.Robustness.Plants;
using AgentBudget.Robustness.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace AgentBudget.Robustness.Roles;

/// <summary>A silo with what ships: ledger, store, clustering and failover with their defaults. SIGTERM ends it in good order.</summary>
internal static class SiloRole
{
    /// <summary>The word under which it says how many bytes its managed heap had after the last collection.</summary>
    public const string Heap = "HEAP";

    /// <summary>The line that makes it collect all garbage.</summary>
    public const string Collect = "collect";

    /// <summary>The word under which it says how many bytes that left.</summary>
    public const string Live = "LIVE";

    private static readonly AwayFilter Away = new();
    private static readonly TimeSpan SayHeapEvery = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string folder, int index)
    {
        var file = RoleFile.Read(folder);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder
            .Logging.AddSimpleConsole(options => options.SingleLine = true)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Messaging", LogLevel.Information);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (file.ClusterId, "robustness"));
            silo.ConfigureEndpoints(IPAddress.Loopback, file.Silos[index].Port, file.Silos[index].Gateway);
            silo.UsePostgreSqlClustering(file.ConnectionStrings[0]);
            silo.UseAgentBudgetFailover();
            silo.AddAgentBudget();
            silo.AddPostgreSqlLedgerStore(options => options.ConnectionStrings = file.ConnectionStrings);
            silo.AddIncomingGrainCallFilter(Away);
            Plant.Find(file.Plant)?.AddTo(silo);
        });
        using var host = builder.Build();
        using var measures = new MeasuredTags();
        try
        {
            await host.StartAsync();
        }
        catch (OperationCanceledException)
            when (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // Told to end before it had begun.
            return 0;
        }

        Console.WriteLine(RoleProcess.Ready);
        Orphans.EndWithInput(TakeLine);
        using var heap = new Timer(
            _ => RoleProcess.Say(Heap, GC.GetGCMemoryInfo().HeapSizeBytes.ToString(CultureInfo.InvariantCulture)),
            null,
            TimeSpan.Zero,
            SayHeapEvery
        );
        await host.WaitForShutdownAsync();
        return 0;
    }

    private static void TakeLine(string line)
    {
        if (line.StartsWith(AwayFilter.Leave, StringComparison.Ordinal))
            Away.Begin(line[AwayFilter.Leave.Length..]);
        else if (line == AwayFilter.Back)
            Away.End();
        if (line != Collect)
            return;
        RoleProcess.Say(Live, GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>Nobody is left behind by a coordinator that dies.</summary>
internal static class Orphans
{
    /// <summary>Ends this process at once when its input is closed.</summary>
    /// <param name="take">Takes each line that comes before.</param>
    public static void EndWithInput(Action<string> take) =>
        new Thread(() =>
        {
            while (Console.In.ReadLine() is { } line)
                take(line);

            Environment.Exit(3);
        })
        {
            IsBackground = true,
        }.Start();
}
