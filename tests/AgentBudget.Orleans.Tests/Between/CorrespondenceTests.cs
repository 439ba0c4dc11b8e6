using AgentBudget.Orleans.Between;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Between;

/// <summary>What a ledger says to others and when, on two ledgers in memory.</summary>
public sealed class CorrespondenceTests
{
    private readonly LedgerPair pair = new();

    [Fact]
    public async Task OpenChild_IsAnsweredWhenTheChildHasItsMoney()
    {
        OpenParent();
        var answer = await OpenChildAsync("0.40");
        Assert.True(answer.IsGranted);
        Assert.Equal((Money.Parse("0.40"), Money.Parse("0.40")), (pair.Parent.Ledger.Head.Reserved, pair.Child.Ledger.Head.Budget));
        Assert.Equal(["parent/child: Invitation", "parent/child: ParentWord"], pair.Said);
    }

    [Fact]
    public async Task OpenChild_ThatTheParentCannotPay_AsksNobody()
    {
        OpenParent();
        Assert.Equal(RefusalReason.TooLarge, (await OpenChildAsync("1.01")).Refusal!.Reason);
        Assert.Empty(pair.Said);
    }

    [Fact]
    public async Task OpenChild_WhoseIdIsTaken_IsRefusedAndTheMoneyIsBack()
    {
        OpenParent();
        pair.Child.Execute(new OpenCommand { Options = Options("7.00") });
        Assert.Equal(RefusalReason.AlreadyOpen, (await OpenChildAsync("0.40")).Refusal!.Reason);
        Assert.Equal(Money.Zero, pair.Parent.Ledger.Head.Reserved);
    }

    [Fact]
    public async Task OpenChild_ThatCannotBeReached_IsOpenedByTheUpkeepAndTheKeyStandsForIt()
    {
        OpenParent();
        pair.Away = pair.Child.SessionId;
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => OpenChildAsync("0.40"));
        Assert.Equal(Money.Parse("0.40"), pair.Parent.Ledger.Head.Reserved);

        pair.Away = null;
        await pair.OfParent.FinishAsync();
        Assert.Equal(Money.Parse("0.40"), pair.Child.Ledger.Head.Budget);
        Assert.True((await OpenChildAsync("0.40")).IsReplay);
    }

    [Fact]
    public async Task OpenChild_WhoseAnswerIsLost_JoinsItsOwnOperation()
    {
        OpenParent();
        pair.LosesAnswersOf = pair.Child.SessionId;
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => OpenChildAsync("0.40"));
        pair.LosesAnswersOf = null;
        Assert.True((await OpenChildAsync("0.40")).IsGranted);
        Assert.Equal((Money.Parse("0.40"), Money.Parse("0.40")), (pair.Parent.Ledger.Head.Reserved, pair.Child.Ledger.Head.Budget));
    }

    [Fact]
    public async Task Spend_OfAChild_IsToldALittleLaterAndAllAtOnce()
    {
        await OpenFamilyAsync();
        var before = pair.Said.Count;
        for (var i = 0; i < 5; i++)
            await ChargeChildAsync();
        Assert.Equal(before, pair.Said.Count);

        await pair.AdvanceUntilSaidAsync(ParentTalk.ReportDelay);
        Assert.Equal(["parent: HolderWord"], pair.Said.Skip(before));
        Assert.Equal((Money.Parse("0.25"), Money.Parse("0.15")), (pair.Parent.Ledger.Head.Spent, pair.Parent.Ledger.Head.Reserved));
    }

    [Fact]
    public async Task TopUp_OfAChild_IsAnsweredWhenTheParentHasGrantedIt()
    {
        await OpenFamilyAsync();
        var topped = await pair.ChildAsync(new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" });
        Assert.Equal(Money.Parse("0.60"), topped.Standing.Budget);
        Assert.Equal(Money.Parse("0.60"), pair.Parent.Ledger.Head.Reserved);
        Assert.True((await pair.ChildAsync(new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" })).IsReplay);
    }

    [Fact]
    public async Task TopUp_ThatTheParentRefuses_SaysSoAndChangesNothing()
    {
        await OpenFamilyAsync();
        var refused = await pair.ChildAsync(new TopUpCommand { Amount = Money.Parse("0.61"), Key = "more" });
        Assert.Equal(RefusalReason.ParentRefused, refused.Refusal!.Reason);
        Assert.Equal(Money.Parse("0.40"), refused.Standing.Budget);
        Assert.Equal(Money.Parse("0.40"), pair.Parent.Ledger.Head.Reserved);
        Assert.True((await pair.ChildAsync(new TopUpCommand { Amount = Money.Parse("0.10"), Key = "more" })).IsGranted);
    }

    [Fact]
    public async Task TopUp_WhoseParentIsAway_IsDoneByItsRepetition()
    {
        await OpenFamilyAsync();
        pair.Away = pair.Parent.SessionId;
        var more = new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" };
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => pair.ChildAsync(more));
        pair.Away = null;
        Assert.Equal(Money.Parse("0.60"), (await pair.ChildAsync(more)).Standing.Budget);
        Assert.Equal(Money.Parse("0.60"), pair.Parent.Ledger.Head.Reserved);
    }

    [Fact]
    public async Task SetBudget_OfAChild_AsksTheParentForWhatIsMissingAndGivesBackTheRest()
    {
        await OpenFamilyAsync();
        Assert.True((await pair.ChildAsync(new SetBudgetCommand { Budget = Money.Parse("0.90") })).IsGranted);
        Assert.Equal(Money.Parse("0.90"), pair.Parent.Ledger.Head.Reserved);
        Assert.True((await pair.ChildAsync(new SetBudgetCommand { Budget = Money.Parse("0.10") })).IsGranted);
        await pair.AdvanceUntilSaidAsync(ParentTalk.ReportDelay);
        Assert.Equal(Money.Parse("0.10"), pair.Parent.Ledger.Head.Reserved);
    }

    [Fact]
    public async Task Close_OfTheParent_EndsTheChildFirstAndCountsWhatItSpent()
    {
        await OpenFamilyAsync();
        await ChargeChildAsync();
        var closed = await pair.ParentAsync(new CloseCommand { Key = "close" });
        Assert.Equal(
            (Money.Parse("0.05"), Money.Zero, EndReason.Closed),
            (closed.Standing.Spent, closed.Standing.Reserved, closed.Standing.End)
        );
        Assert.Equal(EndReason.Stopped, pair.Child.Ledger.Head.End);
    }

    [Fact]
    public async Task Close_WhoseChildIsAway_SaysThatItIsUnderWayAndIsDoneByItsRepetition()
    {
        await OpenFamilyAsync();
        pair.Away = pair.Child.SessionId;
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => pair.ParentAsync(new CloseCommand { Key = "close" }));
        Assert.Equal(RefusalReason.SessionEnded, pair.Parent.Execute(Reserve()).Answer.Refusal!.Reason);
        pair.Away = null;
        Assert.Equal(EndReason.Closed, (await pair.ParentAsync(new CloseCommand { Key = "close" })).Standing.End);
    }

    [Fact]
    public async Task Close_WhoseChildIsAway_GoesOnByItselfWhenTheChildIsBack()
    {
        await OpenFamilyAsync();
        pair.Away = pair.Child.SessionId;
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => pair.ParentAsync(new CloseCommand { Key = "close" }));
        pair.Away = null;
        await pair.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => pair.Parent.Ledger.Head.End == EndReason.Closed);
        Assert.Equal((EndReason.Stopped, Money.Zero), (pair.Child.Ledger.Head.End, pair.Parent.Ledger.Head.Reserved));
    }

    [Fact]
    public async Task Close_WhoseChildDoesNotAnswer_TimesOutAndGoesOnByItself()
    {
        await OpenFamilyAsync();
        var gate = new Gate();
        pair.Keeps = (pair.Child.SessionId, gate);
        var closing = pair.ParentAsync(new CloseCommand { Key = "close" });
        await gate.ReachedAsync();
        // The turn that said it has ended.
        await pair.InTurnAsync(() => Task.FromResult(true));
        pair.Time.Advance(Correspondence.LongestWait - TimeSpan.FromTicks(1));
        Assert.False(closing.IsCompleted);
        pair.Time.Advance(TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => closing.InTimeAsync());
        pair.Keeps = null;
        gate.Open();
        await pair.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => pair.Parent.Ledger.Head.End == EndReason.Closed);
        Assert.Equal((EndReason.Stopped, Money.Zero), (pair.Child.Ledger.Head.End, pair.Parent.Ledger.Head.Reserved));
    }

    [Fact]
    public async Task Close_OfAChild_TellsTheParentAtOnce()
    {
        await OpenFamilyAsync();
        await ChargeChildAsync();
        await pair.ChildAsync(new CloseCommand());
        Assert.Equal((Money.Parse("0.05"), Money.Zero), (pair.Parent.Ledger.Head.Spent, pair.Parent.Ledger.Head.Reserved));
        await ChargeChildAsync();
        Assert.Equal(Money.Parse("0.10"), pair.Parent.Ledger.Head.Spent);
        Assert.False(pair.Child.Ledger.Head.Link!.HasNews);
    }

    [Fact]
    public async Task Pause_IsAnsweredWhenTheChildHasWrittenIt()
    {
        await OpenFamilyAsync();
        Assert.Equal(0, (await pair.ParentAsync(new PauseCommand())).ChildrenNotReached);
        Assert.Equal(PauseSources.Parent, pair.Child.Ledger.Head.Breaker.PausedBy);
        Assert.Equal(0, (await pair.ParentAsync(new ResumeCommand())).ChildrenNotReached);
        Assert.Equal(PauseSources.None, pair.Child.Ledger.Head.Breaker.PausedBy);
    }

    [Fact]
    public async Task Pause_ThatAChildCannotHear_SaysSoAndIsToldByTheUpkeep()
    {
        await OpenFamilyAsync();
        pair.Away = pair.Child.SessionId;
        Assert.Equal(1, (await pair.ParentAsync(new PauseCommand())).ChildrenNotReached);
        pair.Away = null;
        await pair.OfParent.FinishAsync();
        Assert.Equal(PauseSources.Parent, pair.Child.Ledger.Head.Breaker.PausedBy);
    }

    [Fact]
    public async Task Child_WhoseParentWasAway_TellsItLaterByItself()
    {
        await OpenFamilyAsync();
        pair.Away = pair.Parent.SessionId;
        await ChargeChildAsync();
        await pair.AdvanceUntilSaidAsync(ParentTalk.ReportDelay);
        pair.Away = null;
        await pair.AdvanceUntilSaidAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(Money.Parse("0.05"), pair.Parent.Ledger.Head.Spent);
    }

    // Each is told at once if the parent can be reached; while it cannot, those who come do not hammer it.
    [Fact]
    public async Task LateCosts_WhoseParentIsAway_PassOnceAndThenWaitForItToBeTriedAgain()
    {
        await OpenFamilyAsync();
        await pair.ChildAsync(new CloseCommand());
        pair.Away = pair.Parent.SessionId;
        for (var i = 0; i < 20; i++)
            await ChargeChildAsync();
        Assert.Equal(2, pair.Missed);
        // By itself, and once more for a caller.
        await pair.AdvanceUntilAsync(TimeSpan.FromMilliseconds(500), () => pair.Missed == 3);
        for (var i = 0; i < 20; i++)
            await ChargeChildAsync();
        Assert.InRange(pair.Missed, 3, 4);

        pair.Away = null;
        await pair.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => !pair.Child.Ledger.Head.Link!.HasNews);
        Assert.Equal(Money.Parse("2.00"), pair.Parent.Ledger.Head.Spent);
    }

    [Fact]
    public async Task Close_RepeatedWhileTheChildIsAway_DoesNotHammerTheChild()
    {
        await OpenFamilyAsync();
        pair.Away = pair.Child.SessionId;
        for (var i = 0; i < 20; i++)
            await Assert.ThrowsAsync<BudgetUnavailableException>(() => pair.ParentAsync(new CloseCommand { Key = "close" }));
        Assert.InRange(pair.Missed, 1, 4);
        pair.Away = null;
        await pair.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => pair.Parent.Ledger.Head.End == EndReason.Closed);
    }

    // Those who repeat themselves neither hammer whom they wait for nor put off that it is asked again.
    [Fact]
    public async Task TopUp_RepeatedWhileTheParentIsAwayForTwentySeconds_IsAskedForAgainSoonAfterItIsBack()
    {
        var step = TimeSpan.FromMilliseconds(250);
        var more = new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" };
        await OpenFamilyAsync();
        pair.Away = pair.Parent.SessionId;
        for (var away = TimeSpan.Zero; away < TimeSpan.FromSeconds(20); away += step)
        {
            await Assert.ThrowsAsync<BudgetUnavailableException>(() => pair.ChildAsync(more));
            pair.Time.Advance(step);
        }

        // By callers every 2 seconds, and by itself later and later.
        Assert.InRange(pair.Missed, 1, 18);
        pair.Away = null;
        for (var back = TimeSpan.Zero; pair.Parent.Ledger.Head.Reserved != Money.Parse("0.60"); back += step)
        {
            Assert.InRange(back, TimeSpan.Zero, TimeSpan.FromSeconds(2.5));
            await Record.ExceptionAsync(() => pair.ChildAsync(more));
            pair.Time.Advance(step);
        }

        Assert.Equal(Money.Parse("0.60"), (await pair.ChildAsync(more)).Standing.Budget);
    }

    private static ReserveCommand Reserve() => new() { Amount = Money.Parse("0.01"), Call = Call.Model("gpt-5") };

    private static BudgetSessionOptions Options(string budget) => new() { Budget = Money.Parse(budget), Loops = LoopPolicy.Off };

    private void OpenParent() => Assert.True(pair.Parent.Execute(new OpenCommand { Options = Options("1.00") }).Answer.IsGranted);

    private async Task OpenFamilyAsync()
    {
        OpenParent();
        Assert.True((await OpenChildAsync("0.40")).IsGranted);
    }

    private Task<SessionAnswer> OpenChildAsync(string budget) =>
        pair.ParentAsync(
            new OpenCarvedChildCommand
            {
                Child = pair.Child.SessionId,
                Options = Options(budget),
                Key = "child",
            }
        );

    private async Task ChargeChildAsync() =>
        Assert.True((await pair.ChildAsync(new ChargeCommand { Cost = Money.Parse("0.05"), Call = Call.Model("gpt-5") })).IsGranted);
}
