using AgentBudget.Billing.Costs;

namespace AgentBudget.Billing.Exporting;

/// <summary>Owns an export while it lives.</summary>
[GrainType("agentbudget.billing-export")]
internal sealed class BillingGrain(BillingServices services) : Grain, IBillingExport
{
    private const int MostDead = 10_000;

    private RunningExport? running;

    private string Name => this.GetPrimaryKeyString();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => StopAsync();

    public Task WakeAsync()
    {
        if (running is null or { IsOver: true } && services.Find(Name) is { } export)
            running = RunningExport.Start(services, export, withDoubtful: false);
        else if (running is null)
            DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<string>> DeadLettersAsync(int count)
    {
        if (count is < 1 or > MostDead)
            throw new ArgumentException($"The dead letters asked for are {count}; 1 to {MostDead:N0} may be.");
        EnsureKnown();
        try
        {
            var dead = await services.NotesOf(Name).ReadDeadAsync(CancellationToken.None);
            return [.. dead.OrderBy(one => one.At).Take(count).Select(CostJson.Write)];
        }
        catch (LedgerStoreUnavailableException exception)
        {
            // A store's exception cannot be sent to another process.
            throw new BudgetUnavailableException($"Dead letters could not be read: {exception.Message}");
        }
    }

    public async Task RetryAsync(bool withDoubtful)
    {
        var export = EnsureKnown();
        await StopAsync();
        running = RunningExport.Start(services, export, withDoubtful);
    }

    private BillingExportOptions EnsureKnown() =>
        services.Find(Name)
        ?? throw new ArgumentException(
            $"There is no export '{Name}'; there are {string.Join(", ", services.Options.Exports.Select(export => export.Name))}."
        );

    private async Task StopAsync()
    {
        if (running is { } export)
            await export.DisposeAsync();
        running = null;
    }
}
