using Microsoft.Extensions.Options;

namespace AgentBudget.Client.Hosting;

/// <summary>Tries again while no server answers a starting program, until it has waited long enough.</summary>
internal sealed class FirstConnection(IOptions<AgentBudgetConnectionOptions> options, TimeProvider time) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long started;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (started == 0)
            started = time.GetTimestamp();
        if (time.GetElapsedTime(started) >= options.Value.ConnectFor)
            return false;
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
