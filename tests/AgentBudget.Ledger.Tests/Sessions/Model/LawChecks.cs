namespace AgentBudget.Ledger.Tests;

/// <summary>The laws of laws.md that hold of one session, asserted from outside on what a caller and a store can see.</summary>
internal sealed class LawChecks(SessionShell shell)
{
    private readonly Dictionary<string, SessionAnswer> firstAnswers = [];
    private int checkedEntries;
    private BreakerStatus breaker;
    private BudgetSessionOptions? options;

    public void After(SessionCommand command, Standing before, SessionAnswer answer)
    {
        var written = shell.Timeline.Skip(checkedEntries).ToList();
        Identity(shell.Standing);
        foreach (var entry in written)
            Follows(entry);
        Once(command, answer);
        if (!answer.IsGranted)
            NoTrace(before, written);
    }

    /// <summary>L6, over the whole timeline.</summary>
    public void AtTheEnd()
    {
        foreach (var reserved in shell.Timeline.Where(entry => entry.Kind == EntryKind.Reserved))
            Terminal(reserved);
    }

    private static void Identity(Standing standing)
    {
        Assert.Equal(standing.Budget, standing.Available + standing.Reserved + standing.Settled);
        Assert.Equal(standing.Spent, standing.Settled + standing.Overage);
        Money[] terms = [standing.Budget, standing.Available, standing.Reserved, standing.Settled, standing.Spent, standing.Overage];
        Assert.All(terms, term => Assert.True(term >= Money.Zero, "L1: a term is below zero"));
        Assert.True(standing.Settled + standing.Reserved <= standing.Budget, "L2: more is authorised than the budget holds");
    }

    // L7 and L11: entry by entry, from the timeline alone.
    private void Follows(Entry entry)
    {
        Assert.Equal(++checkedEntries, entry.Sequence);
        if (entry.Sequence > 1)
            Assert.True(entry.At >= shell.Timeline[checkedEntries - 2].At, "L7: time runs back");
        Identity(entry.After);
        options ??= entry.Options;
        var isNewMoney = entry.Kind is EntryKind.Reserved or EntryKind.Grown;
        if (isNewMoney && options!.Mode == SessionMode.Enforce && breaker.State != BreakerState.Closed)
        {
            var isLastCall =
                entry.Signals.HasFlag(EntrySignals.Final) && breaker is { OpenReason: OpenReason.BudgetExhausted, PausedBy: 0 };
            Assert.True(isLastCall, $"L11: entry {entry.Sequence} authorises money while the breaker is {breaker}");
        }

        var isOpening = entry.OpenReason != OpenReason.None;
        var isClosing = entry.Signals.HasFlag(EntrySignals.BreakerClosed);
        var hadReason = breaker.OpenReason != OpenReason.None;
        var hasMoved = entry.After.Breaker.OpenReason != breaker.OpenReason;
        Assert.True(isOpening || isClosing || !hasMoved, "L11: the breaker moved without saying so");
        Assert.False(isOpening && hadReason, "L11: the breaker opened twice");
        Assert.False(
            isClosing && entry.Kind is not (EntryKind.ToppedUp or EntryKind.BudgetSet or EntryKind.Corrected or EntryKind.Resumed)
        );
        breaker = entry.After.Breaker;
    }

    private void Once(SessionCommand command, SessionAnswer answer)
    {
        if (command.Key is not { } key)
            return;
        Assert.True(shell.Timeline.Count(entry => entry.Key == key) <= 1, "L4: a key stands twice");
        if (answer.Refusal is not null)
            return;
        if (firstAnswers.TryAdd(key, answer))
            return;
        // What needed no entry was answered from the session as it stood; only entries bind keys.
        if (firstAnswers[key].IsUnchanged)
            firstAnswers[key] = answer;
        else
            Assert.Equal(firstAnswers[key] with { IsReplay = true }, answer);
    }

    // L5: what is due anyway aside, a refusal moves nothing, and writes one transition at most, under no key.
    private static void NoTrace(Standing before, List<Entry> written)
    {
        var caused = written.Where(entry => !IsByTheClock(entry)).ToList();
        Assert.True(caused.Count <= 1, "L5: a refusal wrote more than one transition");
        Assert.All(written, entry => Assert.Null(entry.Key));
        Assert.All(caused, entry => Assert.Contains(entry.Kind, new[] { EntryKind.BreakerOpened, EntryKind.HardLimitReached }));
        Assert.All(caused, entry => Assert.Equal(Money.Zero, entry.Amount));
        if (written.Count == 0)
            return;
        var after = written[^1].After;
        var cameBack = written.Where(entry => entry.Kind is EntryKind.Expired or EntryKind.Released).Sum(entry => entry.Amount.NanoDollars);
        var reserved = before.Reserved - Money.FromNanoDollars(cameBack);
        Assert.Equal((before.Budget, before.Spent, reserved), (after.Budget, after.Spent, after.Reserved));
    }

    private void Terminal(Entry reserved)
    {
        var about = shell.Timeline.Where(entry => entry.Related == reserved.Sequence).ToList();
        var ends = about.Where(entry => entry.Kind is EntryKind.Settled or EntryKind.Released or EntryKind.Expired).ToList();
        Assert.True(ends.Count <= 1, $"L6: reservation {reserved.Sequence} ended twice");
        Assert.Equal(ends.Count == 0, shell.Ledger.OpenReservations.ContainsKey(reserved.Sequence));
        if (ends.Count == 0)
            return;
        var end = ends[0];
        var extended = about.Where(entry => entry.Kind == EntryKind.Extended).Select(entry => entry.ExpiresAt!.Value);
        var until = extended.Append(reserved.ExpiresAt!.Value).Max();
        var isAsked = end.Key is not null || end.Kind == EntryKind.Settled;
        Assert.False(end.Kind == EntryKind.Expired && end.At < until, $"L6: reservation {reserved.Sequence} expired early");
        Assert.False(isAsked && end.At >= until, $"L6: reservation {reserved.Sequence} ended late");
    }

    private static bool IsByTheClock(Entry entry) =>
        entry.Kind is EntryKind.Expired or EntryKind.Released || (entry.Kind == EntryKind.Ended && entry.End == EndReason.Expired);
}
