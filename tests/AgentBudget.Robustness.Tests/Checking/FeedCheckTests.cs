using AgentBudget.Robustness.Checking;

namespace AgentBudget.Robustness.Tests.Checking;

/// <summary>What a consumer of the feed received is held against the timelines: one event that is not as it should be is found.</summary>
public sealed class FeedCheckTests
{
    private const int Events = 9;

    private readonly Story story = new();
    private readonly Story other = new("other");

    public FeedCheckTests()
    {
        foreach (var one in new[] { story, other })
        {
            var reserved = one.Reserve("0.10", "a").Answer!.ReservationId;
            one.Do(
                new SettleCommand
                {
                    ReservationId = reserved,
                    Cost = Money.Parse("0.07"),
                    Key = "b",
                }
            );
            one.Charge("0.20", "c");
            one.Do(
                new CorrectCommand
                {
                    EntrySequence = 4,
                    Difference = -Money.Parse("0.05"),
                    Reason = "a credit",
                    Key = "d",
                }
            );
            one.Charge("0.90", "e");
        }
    }

    public static TheoryData<int> EachEvent => new(Enumerable.Range(0, Events));

    [Fact]
    public void Events_AsTheTimelinesHaveThem_AreFoundWhole()
    {
        Assert.Equal(Events, Received().Count(seen => seen.Ledger == story.Id));
        Assert.Empty(Check(seen => seen));
    }

    [Theory, MemberData(nameof(EachEvent))]
    public void Event_ThatIsDropped_IsFound(int at) => AssertFound(at, seen => [.. seen[..at], .. seen[(at + 1)..]]);

    [Theory, MemberData(nameof(EachEvent))]
    public void Event_ThatIsDoubled_IsFound(int at) => AssertFound(at + 1, seen => [.. seen[..at], seen[at], .. seen[at..]]);

    // The last one is at the end already.
    [Theory, MemberData(nameof(EachEvent))]
    public void Event_ThatIsMovedToTheEndOrToTheBeginning_IsFound(int at)
    {
        if (at < Events - 1)
            AssertFound(at, seen => [.. seen[..at], .. seen[(at + 1)..Events], seen[at], .. seen[Events..]]);
        if (at > 0)
            AssertFound(0, seen => [seen[at], .. seen[..at], .. seen[(at + 1)..]]);
    }

    [Theory, MemberData(nameof(EachEvent))]
    public void Event_WhoseAmountIsAltered_IsFound(int at)
    {
        var little = Money.FromNanoDollars(1);
        AssertFound(at, seen => [.. seen[..at], seen[at] with { Cost = seen[at].Cost + little }, .. seen[(at + 1)..]]);
        AssertFound(at, seen => [.. seen[..at], seen[at] with { Spent = seen[at].Spent + little }, .. seen[(at + 1)..]]);
    }

    [Fact]
    public void Events_OfALedgerThatIsNotThere_AreFound()
    {
        var violations = Check(seen => [.. seen, seen[0] with { Ledger = "stranger" }]);
        Assert.Equal(("L7", "stranger"), (violations.Single().Law, violations.Single().Session));
    }

    [Fact]
    public void Timeline_ThatSpentMoreThanItsEventsBill_IsFound()
    {
        // As if an entry had been passed over by what makes events and by what is compared with them.
        var charge = story.Timeline.FindLast(entry => entry.Kind == EntryKind.Charged)!;
        var violations = Check(seen => seen, run => Without(run, charge.Sequence));
        Assert.Contains(
            violations,
            violation => violation.What.Contains("spent", StringComparison.Ordinal) && violation.Session == story.Id
        );
        Assert.Contains(violations, violation => violation.Session == "the feed");
    }

    private static RunRecord Without(RunRecord run, long sequence)
    {
        var sessions = run.Sessions.ToDictionary(
            pair => pair.Key,
            pair =>
                pair.Key == "session"
                    ? pair.Value with
                    {
                        Timeline = [.. pair.Value.Timeline.Where(entry => entry.Sequence != sequence)],
                    }
                    : pair.Value
        );
        return run with
        {
            Sessions = sessions,
            Events = [.. run.Events!.Where(seen => seen.Ledger != "session" || seen.Sequence != sequence)],
        };
    }

    private void AssertFound(int named, Func<EventSeen[], EventSeen[]> damage)
    {
        var found = Check(damage);
        Assert.StartsWith($"event {named + 1} of {Events} is", found[0].What, StringComparison.Ordinal);
        Assert.All(found, violation => Assert.True(violation.Session == story.Id || violation.Session == "the feed", $"{violation}"));
    }

    private EventSeen[] Received() => [.. Sessions(Record()).SelectMany(FeedCheck.Of)];

    private IReadOnlyList<Violation> Check(Func<EventSeen[], EventSeen[]> damage, Func<RunRecord, RunRecord>? with = null)
    {
        var run = Record() with { Events = damage(Received()) };
        return [.. FeedCheck.Check(with is null ? run : with(run))];
    }

    private static IEnumerable<FinalSession> Sessions(RunRecord run) => [run.Sessions["session"], run.Sessions["other"]];

    private RunRecord Record()
    {
        RunRecord? taken = null;
        story.Check(run => taken = run, other);
        return taken!;
    }
}
