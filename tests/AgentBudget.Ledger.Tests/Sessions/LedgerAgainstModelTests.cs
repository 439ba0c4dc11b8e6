using System.Collections.Concurrent;
using CsCheck;

namespace AgentBudget.Ledger.Tests;

/// <summary>
/// The ledger against a naive list of what happened, over generated sequences of commands. Laws asserted after every step:
/// <list type="bullet">
/// <item>L1 Identity: budget = available + reserved + settled; spent = settled + overage; every term is zero or more.</item>
/// <item>L2 Authority: settled + reserved never exceeds the budget, at any entry.</item>
/// <item>L4 Once: a key stands at most once in a timeline; a replay gives the first answer; another body is refused.</item>
/// <item>L5 No trace: a refusal leaves the money as it was and writes at most one transition, under no key.</item>
/// <item>L6 Terminal: a reservation ends once, in settled, released or expired, within its time to live.</item>
/// <item>L7 Order: sequences have no gaps and time does not run back.</item>
/// <item>L11 Breaker: once open, nothing new is authorised but final calls after exhaustion, until a transition that says so.</item>
/// </list>
/// Besides: every answer and every entry is the model's; a ledger restored from what is stored carries on the same; a head is the fold
/// of its timeline.
/// </summary>
public sealed class LedgerAgainstModelTests
{
    private const long SequencesInCi = 20_000;

    private static long Sequences =>
        long.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_SEQUENCES"), out var asked) ? asked : SequencesInCi;

    [Fact]
    public void Ledger_AnySequenceOfCommands_DoesWhatTheNaiveModelDoes()
    {
        var seen = new ConcurrentDictionary<Enum, long>();
        Scenario.Any.Sample(
            scenario =>
            {
                var (timeline, answers) = new ScenarioRun(scenario).Run();
                foreach (var group in timeline.GroupBy(entry => entry.Kind))
                    Count(seen, group.Key, group.Count());
                foreach (var group in timeline.GroupBy(entry => entry.Signals & ~EntrySignals.Final))
                    Count(seen, group.Key, group.Count());
                foreach (var group in answers.GroupBy(answer => answer.Reason()))
                    Count(seen, group.Key, group.Count());
            },
            iter: Sequences,
            print: scenario => $"{scenario.Steps.Length} steps; the transcript is below."
        );
        foreach (var (what, count) in seen.OrderBy(pair => $"{pair.Key.GetType().Name} {pair.Key}"))
            TestContext.Current.TestOutputHelper?.WriteLine($"{count, 9} {what.GetType().Name} {what}");
        if (Sequences >= SequencesInCi)
            EverythingWasMet(seen.Keys.ToHashSet());
    }

    private static void Count(ConcurrentDictionary<Enum, long> seen, Enum what, int count) =>
        seen.AddOrUpdate(what, count, (_, known) => known + count);

    // A property that never meets a limit proves nothing: what one session can meet must have been met.
    private static void EverythingWasMet(HashSet<Enum> seen)
    {
        // What stands between two ledgers is met in the simulation.
        EntryKind[] notHere =
        [
            .. Enum.GetValues<EntryKind>().Where(kind => kind is >= EntryKind.Intended and <= EntryKind.SoftLimitReached),
        ];
        Assert.All(Enum.GetValues<EntryKind>().Except(notHere), kind => Assert.Contains((Enum)kind, seen));
        RefusalReason[] elsewhere =
        [
            RefusalReason.TenantExhausted,
            RefusalReason.TooManyReservations,
            RefusalReason.TooManyChildren,
            RefusalReason.OutOfRange,
            RefusalReason.NotForCarvedChild,
            RefusalReason.ParentRefused,
            RefusalReason.OtherTenant,
            RefusalReason.TenantUnknown,
            RefusalReason.SettingsChanged,
            RefusalReason.TooManySessions,
            RefusalReason.TooManyWaiting,
            RefusalReason.NotForTenant,
            RefusalReason.NoLimit,
            RefusalReason.NoBudget,
        ];
        Assert.All(Enum.GetValues<RefusalReason>().Except(elsewhere), reason => Assert.Contains((Enum)reason, seen));
        Enum all = EntrySignals.SoftLimit | EntrySignals.HardLimit | EntrySignals.BreakerOpened;
        Enum allAndLate = EntrySignals.SoftLimit | EntrySignals.HardLimit | EntrySignals.BreakerOpened | EntrySignals.Late;
        Assert.Contains(all, seen);
        Assert.Contains(allAndLate, seen);
    }
}
