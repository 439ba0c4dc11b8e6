using AgentBudget.Ledger;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Runs;

/// <summary>Charges nothing to every session, and sees when all have taken it: what is written counts, not what is merely read.</summary>
internal sealed class Probe(Caller caller, int sessions, TimeProvider time)
{
    private int rounds;

    /// <summary>A session that did not answer in the end.</summary>
    public string? Unanswered { get; private set; }

    /// <summary>Charges all sessions at once.</summary>
    /// <returns>How long after that time the last of them answered.</returns>
    public async Task<TimeSpan> UntilAllAnswerAsync(DateTimeOffset since)
    {
        var round = Interlocked.Increment(ref rounds);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, sessions).Select(index => ChargeAsync(WorkloadSettings.SessionId(index), round)));
        return outcomes.Max() - since;

        async Task<DateTimeOffset> ChargeAsync(string session, int number)
        {
            var command = new ChargeCommand { Cost = Money.Zero, Call = Call.Tool("probe"), Key = FormattableString.Invariant($"probe.{number}") };
            var outcome = await caller.SendAsync(session, command, isSentBefore: false, CancellationToken.None);
            if (outcome.Answer is null) Unanswered ??= session;
            return time.GetUtcNow();
        }
    }
}
