using AgentBudget.Orleans.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Expiry;

/// <summary>Calls the sweep at its interval from every silo, so that it goes on wherever its grain lives.</summary>
internal sealed class ExpirySweepTrigger(
    IGrainFactory grains,
    IOptions<AgentBudgetOptions> options,
    TimeProvider time,
    ILogger<ExpirySweepTrigger> logger
) : SiloLoop(time)
{
    private readonly QuietLogger log = new(logger);

    protected override bool IsEnabled => options.Value.SweepEnabled;

    protected override TimeSpan Interval => options.Value.SweepInterval;

    protected override Task WorkAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IExpirySweep>(0).SweepAsync().WaitAsync(cancellationToken);

    protected override void SayFailed(Exception exception) => ExpiryLog.SweepFailed(log, exception);
}
