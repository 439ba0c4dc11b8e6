using AgentBudget.Orleans.Family;

namespace AgentBudget.Orleans.Tests.Family;

/// <summary>The protocol alone, on a ledger in memory and a relative that takes down what it hears: the order of its steps.</summary>
public sealed class FamilyProtocolTests
{
    private readonly LedgerSession session = new("session");
    private readonly Relative relative = new();
    private readonly FamilyProtocol protocol;

    public FamilyProtocolTests() => protocol = new FamilyProtocol(session, relative);

    [Fact]
    public async Task OpenChild_SetsTheMoneyAsideBeforeTheChildHasIt()
    {
        await OpenAsync();
        Assert.True((await OpenChildAsync("0.40")).IsGranted);
        Assert.Equal(Money.Parse("0.40"), session.Ledger.Head.Reserved);
        Assert.Equal(["session/child: open $0.40 of carve 2"], relative.Asked);
    }

    [Fact]
    public async Task OpenChild_ThatTheParentCannotPay_AsksNobody()
    {
        await OpenAsync();
        Assert.False((await OpenChildAsync("1.01")).IsGranted);
        Assert.Empty(relative.Asked);
    }

    [Fact]
    public async Task OpenChild_WhoseIdIsTaken_BringsTheMoneyBackAtOnce()
    {
        await OpenAsync();
        relative.Answer = Refused();
        Assert.Equal(RefusalReason.AlreadyOpen, (await OpenChildAsync("0.40")).Refusal!.Reason);
        Assert.Equal((Money.Zero, EntryKind.CarveReturned), (session.Ledger.Head.Reserved, session.Timeline[^1].Kind));
    }

    [Fact]
    public async Task OpenChild_ThatDoesNotAnswer_KeepsTheMoneyAsideUntilItIsSealed()
    {
        await OpenAsync();
        relative.IsAway = true;
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => OpenChildAsync("0.40"));
        Assert.Equal(Money.Parse("0.40"), session.Ledger.Head.Reserved);

        relative.IsAway = false;
        await protocol.FinishAsync();
        Assert.Equal(Money.Zero, session.Ledger.Head.Reserved);
        Assert.Equal(["session/child: seal if ended"], relative.Asked);
    }

    [Fact]
    public async Task Close_SealsTheChildrenFirstAndCountsWhatTheySpent()
    {
        await OpenAsync();
        await OpenChildAsync("0.40");
        relative.Seal = new SealAnswer
        {
            IsSealed = true,
            Spent = Money.Parse("0.15"),
            Breakdown = Breakdown.Empty.Add(Call.Model("gpt-5"), Money.Parse("0.15")),
        };
        var closed = await protocol.CloseAsync(new CloseCommand());
        Assert.Equal((Money.Parse("0.15"), EndReason.Closed), (closed.Standing.Spent, closed.Standing.End));
        Assert.Equal("session/child: seal", relative.Asked[^1]);
        Assert.Equal([EntryKind.CarveReturned, EntryKind.Ended], session.Timeline.TakeLast(2).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task TopUp_OfACarvedChild_AsksItsParentFirstAndTakesWhatItMissed()
    {
        await OpenAsync(new CarveOrigin { ParentId = "parent", CarveId = 7 });
        relative.Answer = new SessionAnswer { CarveNumber = 3 };
        relative.Carves =
        [
            new Entry
            {
                Kind = EntryKind.Carved,
                Amount = Money.Parse("0.30"),
                CarveNumber = 2,
            },
        ];
        var topped = await protocol.TopUpAsync(new TopUpCommand { Amount = Money.Parse("0.20") });
        Assert.Equal(Money.Parse("1.50"), topped.Standing.Budget);
        Assert.Equal(["parent: carve $0.20", "parent: carves after 1"], relative.Asked);
    }

    [Fact]
    public async Task TopUp_ThatTheParentRefuses_SaysSoAndChangesNothing()
    {
        await OpenAsync(new CarveOrigin { ParentId = "parent", CarveId = 7 });
        relative.Answer = Refused();
        Assert.Equal(
            RefusalReason.ParentRefused,
            (await protocol.TopUpAsync(new TopUpCommand { Amount = Money.Parse("0.20") })).Refusal!.Reason
        );
        Assert.Equal(Money.Parse("1.00"), session.Ledger.Head.Budget);
    }

    [Fact]
    public async Task Child_ThatEnded_TellsItsParentOnceWhatItSpentAndWhatCameLate()
    {
        await OpenAsync(new CarveOrigin { ParentId = "parent", CarveId = 7 });
        await ChargeAsync("0.15");
        await session.ExecuteAsync(new CloseCommand());
        await ChargeAsync("0.05");
        relative.IsAway = true;
        await protocol.TryTellParentAsync();
        Assert.Empty(relative.Asked);

        relative.IsAway = false;
        await protocol.TryTellParentAsync();
        await protocol.TryTellParentAsync();
        Assert.Equal(["parent: return, spent $0.15", "parent: charge $0.05 late:7:4"], relative.Asked);
    }

    [Fact]
    public async Task Hold_ByAnybodyButTheParent_DoesNothing()
    {
        await OpenAsync(new CarveOrigin { ParentId = "parent", CarveId = 7 });
        await protocol.HoldAsync("stranger", isPaused: true);
        Assert.Equal(PauseSources.None, session.Ledger.Head.Breaker.PausedBy);
        await protocol.HoldAsync("parent", isPaused: true);
        Assert.Equal(PauseSources.Parent, session.Ledger.Head.Breaker.PausedBy);
    }

    private static SessionAnswer Refused() => new() { Refusal = new Refusal(RefusalReason.AlreadyOpen, Money.Zero) };

    private async Task OpenAsync(CarveOrigin? origin = null) =>
        Assert.True((await session.ExecuteAsync(new OpenCommand { Options = Options("1.00"), Origin = origin })).IsGranted);

    private async Task ChargeAsync(string cost) =>
        Assert.True((await session.ExecuteAsync(new ChargeCommand { Cost = Money.Parse(cost), Call = Call.Model("gpt-5") })).IsGranted);

    private Task<SessionAnswer> OpenChildAsync(string budget) =>
        protocol.OpenChildAsync(new OpenCarvedChildRequest { Child = "session/child", Options = Options(budget) });

    private static BudgetSessionOptions Options(string budget) => new() { Budget = Money.Parse(budget), Loops = LoopPolicy.Off };
}
