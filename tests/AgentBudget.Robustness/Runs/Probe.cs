using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Runs;

/// <summary>
/// Charges nothing to every session, and sees when all have taken it: what is written counts, not what is merely read. Carved children,
/// which may have ended, are read.
/// </summary>
internal sealed class Probe(Caller caller, IReadOnlyList<string> sessions, ChildrenSeen children, Action<string> tell, TimeProvider time)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private int rounds;

    /// <summary>A session that did not answer in the end.</summary>
    public string? Unanswered { get; private set; }

    /// <summary>Asks all sessions at once.</summary>
    /// <returns>How long after that time the last of them answered.</returns>
    public async Task<TimeSpan> UntilAllAnswerAsync(DateTimeOffset since)
    {
        var round = Interlocked.Increment(ref rounds);
        var asked = sessions
            .Select(id => (Id: id, Answer: ChargeAsync(id, round)))
            .Concat(children.Read().Select(id => (Id: id, Answer: ReadAsync(id))))
            .ToArray();
        var all = Task.WhenAll(asked.Select(session => session.Answer));
        while (await Task.WhenAny(all, Task.Delay(TellEvery, time)) != all)
            Tell(asked);
        return (await all).Max() - since;
    }

    private void Tell((string Id, Task<DateTimeOffset> Answer)[] asked)
    {
        string[] late = [.. asked.Where(session => !session.Answer.IsCompleted).Select(session => session.Id)];
        tell($"       {late.Length} of {asked.Length} sessions have not answered yet: {string.Join(", ", late.Take(5))}");
    }

    private async Task<DateTimeOffset> ChargeAsync(string session, int number)
    {
        var command = new ChargeCommand
        {
            Cost = Money.Zero,
            Call = Call.Tool("probe"),
            Key = FormattableString.Invariant($"probe.{number}"),
        };
        return Note(session, await caller.SendAsync(session, command, isSentBefore: false, CancellationToken.None));
    }

    private async Task<DateTimeOffset> ReadAsync(string child) =>
        Note(child, await caller.ReadAsync(child, grain => grain.StandingAsync(), CancellationToken.None));

    private DateTimeOffset Note(string session, Outcome outcome)
    {
        if (outcome.Answer is null && outcome.Read is null)
            Unanswered ??= session;
        return time.GetUtcNow();
    }
}
