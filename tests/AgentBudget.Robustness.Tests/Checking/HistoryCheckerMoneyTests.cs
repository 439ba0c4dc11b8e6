using AgentBudget.Robustness.Checking;

namespace AgentBudget.Robustness.Tests.Checking;

/// <summary>Money, reservations, breaker and children, falsified in one way each.</summary>
public sealed class HistoryCheckerMoneyTests
{
    [Fact]
    public void Check_HeadIsNotTheFold_FindsL1()
    {
        var story = new Story();
        story.Charge("0.10", "a");
        HistoryCheckerTests.AssertFound("L1", story.Check(story.Fold().Head with { Spent = Money.Parse("0.09") }));
    }

    [Fact]
    public void Check_EntryLeadsElsewhereThanItSays_FindsL1()
    {
        var story = new Story();
        story.Charge("0.10", "a");
        story.Timeline[1] = story.Timeline[1] with { Amount = Money.Parse("0.11") };
        HistoryCheckerTests.AssertFound("L1", story.Check());
    }

    [Fact]
    public void Check_MoreReservedThanTheBudget_FindsL2()
    {
        var story = new Story();
        story.Reserve("0.60", "a");
        story.Timeline.Add(story.Timeline[1] with { Sequence = 3, Key = "b" });
        HistoryCheckerTests.AssertFound("L2", story.Check(head: new SessionHead { SessionId = story.Id }));
    }

    [Fact]
    public void Check_ReservationSettledAndExpired_FindsL6()
    {
        var story = new Story();
        story.Reserve("0.10", "a");
        story.Do(
            new SettleCommand
            {
                ReservationId = 2,
                Cost = Money.Parse("0.10"),
                Key = "b",
            }
        );
        story.Timeline.Add(
            new Entry
            {
                Sequence = 4,
                At = story.Now,
                Kind = EntryKind.Expired,
                Amount = Money.Parse("0.10"),
                Related = 2,
            }
        );
        HistoryCheckerTests.AssertFound("L6", story.Check(head: new SessionHead { SessionId = story.Id }));
    }

    [Fact]
    public void Check_ReservationLongPastItsTime_FindsL6()
    {
        var story = new Story();
        story.Reserve("0.10", "a");
        story.Now += TimeSpan.FromHours(1);
        HistoryCheckerTests.AssertFound("L6", story.Check());
    }

    [Fact]
    public void Check_ReservedWhileTheBreakerIsOpen_FindsL11()
    {
        var story = new Story();
        story.Charge("0.95", "a");
        story.Reserve("0.10", "b");
        var open = new Story();
        open.Charge("0.95", "a");
        open.Reserve("0.05", "c");
        story.Timeline.Add(open.Timeline[2] with { Sequence = 4, At = story.Now });
        HistoryCheckerTests.AssertFound("L11", story.Check(head: new SessionHead { SessionId = story.Id }));
    }

    [Fact]
    public void Check_CallThatIsALoopWasGranted_FindsL11()
    {
        var loop = new LoopPolicy { Rule = new LoopRule { Calls = 3 } };
        var call = Call.Tool("search", "{}");
        var story = new Story(with: options => options with { Loops = loop });
        var blind = new Story(with: options => options with { Loops = LoopPolicy.Off });
        foreach (var one in new[] { story, blind })
        {
            one.Reserve("0.01", "a", call);
            one.Reserve("0.01", "b", call);
        }

        var granted = blind.Reserve("0.01", "c", call);
        story.Timeline.Add(blind.Timeline[^1]);
        story.Operations.Add(granted);
        HistoryCheckerTests.AssertFound("L11", story.Check());
    }

    [Fact]
    public void Check_ChildThatHasToldAll_Holds()
    {
        var (parent, child) = Family();
        Assert.Empty(parent.Check(others: child));
    }

    [Fact]
    public void Check_ChildThatWasGrantedMore_FindsL2()
    {
        var (parent, child) = Family();
        var grant = child.Timeline.FindIndex(entry => entry.Kind == EntryKind.GrantTaken);
        var taken = child.Timeline[grant];
        var more = Money.Parse("0.50");
        child.Timeline[grant] = taken with { Amount = more, Link = taken.Link! with { Granted = more } };
        HistoryCheckerTests.AssertFound("L2", parent.Check(others: child));
    }

    [Fact]
    public void Check_ParentThatBookedLessThanWasSpent_FindsL1()
    {
        var (parent, child) = Family();
        var reported = parent.Timeline.FindLastIndex(entry => entry.Kind == EntryKind.HolderReported);
        var entry = parent.Timeline[reported];
        var row = entry.Holder!.Row with { SpentUp = Money.Parse("0.09") };
        parent.Timeline[reported] = entry with { Holder = entry.Holder with { Row = row } };
        HistoryCheckerTests.AssertFound("L1", parent.Check(others: child));
    }

    [Fact]
    public void Check_LateCostThatIsNeverTold_FindsL1()
    {
        var (parent, child) = Family();
        child.Do(new CloseCommand { Key = "close" });
        child.Report(parent);
        child.Charge("0.05", "late");
        parent.Now += TimeSpan.FromMinutes(1);
        HistoryCheckerTests.AssertFound("L1", parent.Check(others: child));
        child.Report(parent);
        Assert.Empty(parent.Check(others: child));
    }

    [Fact]
    public void Check_ChildWhoseParentKnowsNothingOfIt_FindsL2()
    {
        var (parent, child) = Family();
        parent.Timeline.RemoveRange(1, parent.Timeline.Count - 1);
        HistoryCheckerTests.AssertFound("L2", parent.Check(others: child));
    }

    [Fact]
    public void Check_ParentThatHasSpentMoreThanItsOwnCostsAndItsChildrens_FindsL1()
    {
        var (parent, child) = Family();
        var registered = parent.Timeline.FindIndex(entry => entry.Kind == EntryKind.HolderReported);
        var entry = parent.Timeline[registered];
        // Of another child, so that both sides of each pair agree.
        var row = entry.Holder!.Row with
        {
            Number = 99,
            HolderId = "nobody",
            HolderLife = 0,
            SpentUp = Money.Zero,
        };
        parent.Timeline[registered] = entry with { Holder = entry.Holder with { Row = row } };
        AssertSays("by itself", parent.Check(others: child));
    }

    [Fact]
    public void Check_ChildThatNeverRegisteredAndHasSpent_FindsL1()
    {
        var (parent, child) = Family();
        var opened = parent.Timeline.FindIndex(entry => entry.Kind == EntryKind.HolderOpened);
        var entry = parent.Timeline[opened];
        var row = entry.Holder!.Row with { Number = 99, HolderId = "nobody", SpentUp = Money.Parse("0.05") };
        parent.Timeline.Add(
            entry with
            {
                Sequence = parent.Timeline.Count + 1,
                At = parent.Now,
                Holder = new HolderChange { Row = row },
            }
        );
        AssertSays("has never registered", parent.Check(others: child));
    }

    [Fact]
    public void Check_GrantThatHasNotArrivedAtRest_FindsL1()
    {
        var (parent, child) = Family();
        child.Ask(new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" }, parent);
        Assert.Empty(parent.Check(others: child));
        var found = parent.CheckAtRest(child);
        HistoryCheckerTests.AssertFound("L1", found);
        Assert.Contains(found, violation => violation.Law == "L12");
    }

    [Fact]
    public void Check_RestoreThatDidNotHappen_FindsL2()
    {
        var (parent, child) = Family();
        child.Timeline.Add(
            new Entry
            {
                Sequence = child.Timeline.Count + 1,
                At = child.Now,
                Kind = EntryKind.Restored,
                After = child.Timeline[^1].After with { Sequence = child.Timeline.Count + 1 },
            }
        );
        HistoryCheckerTests.AssertFound("L2", parent.Check(others: child));
    }

    [Fact]
    public void Check_TopUpCompletedWithLess_FindsL3()
    {
        var (parent, child) = Family();
        var topUp = child.Ask(new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" }, parent, isHeard: true);
        Assert.Empty(parent.Check(others: child));
        child.Replace(
            topUp,
            topUp with
            {
                Invocation = topUp.Invocation with
                {
                    Command = new TopUpCommand { Amount = Money.Parse("0.30"), Key = "more" },
                },
            }
        );
        var completed = child.Timeline.FindIndex(entry => entry.Key == "more");
        var asked = new TopUpCommand { Amount = Money.Parse("0.30"), Key = "more" };
        child.Timeline[completed] = child.Timeline[completed] with { BodyHash = asked.HashBody() };
        HistoryCheckerTests.AssertFound("L3", parent.Check(others: child));
    }

    private static void AssertSays(string what, IReadOnlyList<Violation> found) =>
        Assert.Contains(found, violation => violation.What.Contains(what, StringComparison.Ordinal));

    private static (Story Parent, Story Child) Family()
    {
        var parent = new Story("parent");
        var child = parent.Carve("child", "0.40");
        child.Now = parent.Now;
        child.Charge("0.10", "x");
        child.Report(parent);
        parent.Now = child.Now;
        return (parent, child);
    }
}
