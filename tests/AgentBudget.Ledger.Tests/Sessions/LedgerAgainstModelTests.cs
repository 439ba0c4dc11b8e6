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
        var seen = new ConcurrentDictionary<string, long>();
        Scenario.Any.Sample(
            scenario =>
            {
                var (timeline, answers) = new ScenarioRun(scenario).Run();
                foreach (var entry in timeline) seen.AddOrUpdate($"entry {entry.Kind}", 1, (_, count) => count + 1);
                foreach (var entry in timeline) seen.AddOrUpdate($"signal {entry.Signals & (EntrySignals)31}", 1, (_, count) => count + 1);
                foreach (var answer in answers) seen.AddOrUpdate($"answer {answer.Reason()}", 1, (_, count) => count + 1);
            },
            iter: Sequences,
            print: scenario => $"{scenario.Steps.Length} steps; the transcript is below.");
        foreach (var (what, count) in seen.OrderBy(pair => pair.Key)) TestContext.Current.TestOutputHelper?.WriteLine($"{count,9} {what}");
        if (Sequences >= SequencesInCi) EverythingWasMet(seen.Keys.ToHashSet());
    }

    // A property that never meets a limit proves nothing: what one session can meet must have been met.
    private static void EverythingWasMet(HashSet<string> seen)
    {
        EntryKind[] notHere = [EntryKind.ReturnAcknowledged, EntryKind.LateChargesForwarded, EntryKind.Tombstoned];
        Assert.All(Enum.GetValues<EntryKind>().Except(notHere), kind => Assert.Contains($"entry {kind}", seen));
        RefusalReason[] elsewhere =
        [
            RefusalReason.TenantExhausted, RefusalReason.TooManyReservations, RefusalReason.TooManyChildren, RefusalReason.OutOfRange,
            RefusalReason.NotForCarvedChild, RefusalReason.ParentRefused,
        ];
        Assert.All(Enum.GetValues<RefusalReason>().Except(elsewhere), reason => Assert.Contains($"answer {reason}", seen));
        Assert.Contains("signal SoftLimit, HardLimit, BreakerOpened", seen);
        Assert.Contains("signal SoftLimit, HardLimit, BreakerOpened, Late", seen);
    }
}
