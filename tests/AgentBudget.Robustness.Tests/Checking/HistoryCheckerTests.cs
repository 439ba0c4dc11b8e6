using AgentBudget.Robustness.Checking;

namespace AgentBudget.Robustness.Tests.Checking;

/// <summary>What the checker must find, and what it must let pass: true histories, each falsified in one way.</summary>
public sealed class HistoryCheckerTests
{
    private readonly Story story = new();

    [Fact]
    public void Check_WhatTheLedgerDid_HoldsAllLaws()
    {
        var reserved = story.Reserve("0.10", "a");
        story.Do(new ExtendCommand { ReservationId = reserved.Answer!.ReservationId, Key = "b" });
        story.Do(
            new SettleCommand
            {
                ReservationId = reserved.Answer.ReservationId,
                Cost = Money.Parse("0.07"),
                Key = "c",
            }
        );
        story.Do(
            new SettleCommand
            {
                ReservationId = reserved.Answer.ReservationId,
                Cost = Money.Parse("0.07"),
                Key = "c",
            }
        );
        story.Charge("0.20", "d");
        story.Charge("0.21", "d");
        story.Reserve("3.00", "e");
        story.Reserve("0.90", "f");
        story.Do(new TopUpCommand { Amount = Money.Parse("1.00"), Key = "g" });
        story.Do(
            new CorrectCommand
            {
                EntrySequence = 5,
                Difference = -Money.Parse("0.05"),
                Reason = "as billed",
                Key = "h",
            }
        );
        story.Do(new CloseCommand { Key = "i" });
        story.Do(new CloseCommand { Key = "j" });
        story.Charge("0.01", "k");
        Assert.Empty(story.Check());
    }

    [Fact]
    public void Check_AcknowledgedEntryIsGone_FindsL3()
    {
        story.Charge("0.10", "a");
        story.Timeline.RemoveAt(1);
        AssertFound("L3", story.Check());
    }

    [Fact]
    public void Check_SequenceIsUsedAgain_FindsL3()
    {
        var lost = story.Charge("0.10", "a");
        var other = new Story();
        other.Charge("0.30", "b");
        story.Timeline[1] = other.Timeline[1];
        story.Operations.AddRange(other.Operations.Skip(1));
        var found = story.Check();
        AssertFound("L3", found);
        Assert.Contains(found, violation => violation.Operation == lost);
    }

    [Fact]
    public void Check_ReadOfWhatIsGone_FindsL3()
    {
        story.Charge("0.10", "a");
        var read = story.Charge("0.10", "b");
        story.Replace(
            read,
            read with
            {
                Invocation = read.Invocation with { Command = null },
                Outcome = read.Outcome! with { Answer = null, Read = read.Answer!.Standing },
            }
        );
        story.Timeline.RemoveAt(2);
        AssertFound("L3", story.Check());
    }

    [Fact]
    public void Check_EntryInTheMiddleIsGone_FindsL7()
    {
        story.Charge("0.10", "a");
        story.Charge("0.10", "b");
        story.Timeline.RemoveAt(1);
        AssertFound("L7", story.Check());
    }

    [Fact]
    public void Check_TimeRunsBack_FindsL7()
    {
        story.Charge("0.10", "a");
        story.Timeline[1] = story.Timeline[1] with { At = story.Timeline[0].At - TimeSpan.FromSeconds(1) };
        AssertFound("L7", story.Check(head: new SessionHead { SessionId = story.Id }));
    }

    [Fact]
    public void Check_SentAfterAnotherWasAcknowledged_StandsBefore_FindsL7()
    {
        story.Charge("0.10", "a");
        var later = story.Charge("0.10", "b");
        var earlier = story.Operations[1];
        story.Replace(
            earlier,
            earlier with
            {
                Invocation = earlier.Invocation with { SentAt = later.Outcome!.At + TimeSpan.FromSeconds(1) },
                Outcome = earlier.Outcome! with { At = later.Outcome.At + TimeSpan.FromSeconds(2) },
            }
        );
        AssertFound("L7", story.Check());
    }

    [Fact]
    public void Check_KeyStandsTwice_FindsL4()
    {
        story.Charge("0.10", "a");
        story.Charge("0.10", "b");
        story.Timeline[2] = story.Timeline[2] with { Key = "a" };
        AssertFound("L4", story.Check());
    }

    [Fact]
    public void Check_ReplayWithAnotherAnswer_FindsL4()
    {
        var first = story.Charge("0.10", "a");
        var second = story.Charge("0.10", "b");
        story.Operations.Add(second with { Invocation = first.Invocation });
        AssertFound("L4", story.Check());
    }

    [Fact]
    public void Check_EntryThatNobodySent_FindsL4()
    {
        story.Charge("0.10", "a");
        story.Operations.RemoveAt(1);
        AssertFound("L4", story.Check());
    }

    [Fact]
    public void Check_OtherBodyUnderAKey_FindsL4()
    {
        var charge = story.Charge("0.10", "a");
        story.Replace(
            charge,
            charge with
            {
                Invocation = charge.Invocation with
                {
                    Command = new ChargeCommand
                    {
                        Cost = Money.Parse("0.20"),
                        Call = Call.Tool("tool"),
                        Key = "a",
                    },
                },
            }
        );
        AssertFound("L4", story.Check());
    }

    [Fact]
    public void Check_KeyOfWhatWasSoAlreadyStandsForSomethingElseLater_Holds()
    {
        var story = new Story();
        story.Do(new PauseCommand { Key = "a" });
        var again = story.Do(new PauseCommand { Key = "b" });
        Assert.True(again.Answer!.IsUnchanged);
        story.Charge("0.10", "b");
        Assert.Empty(story.Check());
    }

    [Fact]
    public void Check_KeyStoodForSomethingElseBefore_FindsL4()
    {
        var story = new Story();
        story.Do(new PauseCommand { Key = "a" });
        var again = story.Do(new PauseCommand { Key = "b" });
        var charge = story.Charge("0.10", "b");
        story.ReplaceAnswer(again, again.Answer! with { Standing = charge.Answer!.Standing });
        Assert.Contains("L4", story.Check().Select(violation => violation.Law));
    }

    [Fact]
    public void Check_LoopOfCallsWithoutArguments_Holds()
    {
        var story = new Story(budget: "5.00");
        // An agent that has tools, and stops using them.
        story.Charge("0.01", "tool");
        for (var i = 0; i < 9; i++)
            story.Do(
                new ChargeCommand
                {
                    Cost = Money.Parse("0.01"),
                    Call = Call.Model("gpt-5"),
                    Key = $"model-{i}",
                }
            );
        Assert.Contains(story.Timeline, entry => entry.Loop is not null);
        Assert.Empty(story.Check());
    }

    [Fact]
    public void Check_RefusalThatDebits_FindsL5()
    {
        var reserved = story.Reserve("0.10", "a");
        story.ReplaceAnswer(
            reserved,
            new SessionAnswer
            {
                Standing = reserved.Answer!.Standing,
                Refusal = new Refusal(RefusalReason.InsufficientNow, Money.Parse("0.90")),
            }
        );
        AssertFound("L5", story.Check());
    }

    [Fact]
    public void Check_RefusalForTheWrongReason_FindsL5()
    {
        var refused = story.Reserve("3.00", "a");
        story.ReplaceAnswer(
            refused,
            refused.Answer! with
            {
                Refusal = refused.Answer!.Refusal! with { Reason = RefusalReason.InsufficientNow },
            }
        );
        AssertFound("L5", story.Check());
    }

    [Fact]
    public void Check_RefusedFirstAndGrantedByALaterAttempt_Holds()
    {
        story.Reserve("0.90", "a");
        var refused = story.Reserve("0.50", "b");
        story.Do(new ReleaseCommand { ReservationId = 2, Key = "c" });
        var granted = story.Reserve("0.50", "b");
        story.Operations.Remove(granted);
        story.Replace(refused, refused with { Outcome = refused.Outcome! with { Attempts = 2 } });
        Assert.Empty(story.Check());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_UnknownOutcome_HoldsEitherWay(bool isWritten)
    {
        story.MakeUnknown(story.Charge("0.10", "a"));
        if (!isWritten)
            story.Timeline.RemoveAt(1);
        Assert.Empty(story.Check());
    }

    internal static void AssertFound(string law, IReadOnlyList<Violation> violations) =>
        Assert.Contains(law, violations.Select(violation => violation.Law));
}
