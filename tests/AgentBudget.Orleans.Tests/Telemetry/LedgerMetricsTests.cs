using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Orleans.Tests.Telemetry;

public sealed class LedgerMetricsTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public static TheoryData<EntryKind> Costs => new(Enum.GetValues<EntryKind>().Where(kind => EntryKinds.Find(kind)!.IsCost));

    public void Dispose() => services.Dispose();

    [Theory, MemberData(nameof(Costs))]
    public void Cost_OfAnyKind_IsCountedAsSpent(EntryKind kind)
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        using var metrics = new LedgerMetrics(factory);
        using var meters = new MeterListener();
        var spent = 0L;
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Name == "agentbudget.spent")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, measured, _, _) => spent += measured);
        meters.Start();
        metrics.Decided([new Entry { Kind = kind, Amount = Money.FromNanoDollars(7) }], tenant: null);
        Assert.Equal(7, spent);
    }
}
