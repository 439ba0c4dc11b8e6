using AgentBudget.Ledger.Between;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>What a session lacks of its tenant's money, and what it keeps from a recall.</summary>
public sealed class NeedsTests
{
    private readonly DateTimeOffset now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);
    private readonly Needs needs = new();

    [Fact]
    public void Recall_ForSomebodyOlder_LeavesNothingToCallsThatCameLater()
    {
        Note("0.40", since: 1);
        Note("0.30", since: 2);
        Recall(since: 0);
        Assert.Equal(Money.Zero, needs.KeptAt(At(2)));
        Recall(since: 1);
        Assert.Equal(Usd("0.40"), needs.KeptAt(At(2)));
        Recall(since: 2);
        Assert.Equal(Usd("0.70"), needs.KeptAt(At(2)));
    }

    [Fact]
    public void Recall_OfWhatWasGranted_LeavesItToTheCallsForTwoSecondsIfTheyAreTheOldest()
    {
        Note("0.40", since: 1);
        Note("0.30", since: 1);
        needs.Served(At(2));
        Recall(since: 1);
        Assert.Equal(Usd("0.70"), needs.KeptAt(At(3)));
        needs.Use(Usd("0.40"), At(3));
        Assert.Equal(Usd("0.30"), needs.KeptAt(At(3)));
        Assert.Equal(Money.Zero, needs.KeptAt(At(4)));
        Recall(since: 0);
        Assert.Equal(Money.Zero, needs.KeptAt(At(3)));
    }

    [Fact]
    public void Recall_WhileOnlyCallsThatAreGoneAreNoted_TakesAll()
    {
        Note("0.40", since: 0);
        Recall(since: 5);
        Assert.Equal(Usd("0.40"), needs.KeptAt(At(3)));
        Assert.Equal(Money.Zero, needs.KeptAt(At(3.1)));
        Assert.False(needs.IsOpen);
    }

    // Callers that follow one another would stand before all other sessions for ever.
    [Fact]
    public void Place_OfCallsWithoutOne_IsNoOlderThanSuchACallCanBe()
    {
        Note("0.40", since: 0);
        for (var second = 1.0; second < 20; second++)
        {
            needs.Served(At(second));
            var since = needs.SinceOf(At(second));
            Assert.True(since >= At(second - 3), $"{At(second) - since}");
            needs.Note(NeedOf("0.40", since), At(second));
        }
    }

    [Theory]
    [InlineData("0.10", 2, false)]
    [InlineData("0.50", 2, true)]
    [InlineData("0.10", 0, true)]
    public void Ask_UnderWay_IsMadeAnewForALargerOrAnOlderCall(string amount, int since, bool isAnew)
    {
        Ask("0.40", since: 1);
        var number = needs.Number;
        Note(amount, since);
        Assert.Equal((isAnew, !isAnew), (needs.Number > number, needs.IsPending));
    }

    [Fact]
    public void Ask_UnderWay_IsMadeAnewOnceTwiceAsMuchIsLacking()
    {
        Ask("0.40", since: 1);
        var number = needs.Number;
        for (var more = 0; more < 3; more++)
            Note("0.10", since: 2);
        Assert.Equal(number, needs.Number);
        Note("0.10", since: 2);
        Assert.True(needs.Number > number);
    }

    [Fact]
    public void Slice_BeforeAnythingWasUsed_IsOfCallsLikeTheFirstThatWaits()
    {
        var head = SessionLedger.New("acme@1").Head;
        Assert.Equal(Money.Zero, needs.Slice(head, At(2)));
        Note("0.40", since: 1);
        Note("0.10", since: 2);
        Assert.Equal(Usd("6.40"), needs.Slice(head, At(2)));
        needs.Use(Usd("0.10"), At(2));
        Assert.Equal(Usd("1.60"), needs.Slice(head, At(2)));
    }

    [Theory]
    [InlineData(RefusalReason.TenantExhausted)]
    [InlineData(RefusalReason.InsufficientNow)]
    public void Refusal_HoldsForAWhile_AndNotForLessThanWasRefused(RefusalReason reason)
    {
        Ask("20.00", since: 1);
        needs.Refuse(reason, by: null, At(2));
        Assert.False(needs.MayAsk(At(3)));
        Assert.False(needs.MayAsk(NeedOf("20.00", At(3)), At(3)));
        Assert.True(needs.MayAsk(NeedOf("19.99", At(3)), At(3)));
        // That the less has come does not say that the more is there.
        Ask("0.05", since: 3);
        needs.Served(At(3));
        Assert.False(needs.MayAsk(NeedOf("20.00", At(3)), At(3)));
        Assert.Equal(reason, needs.Reason);
        needs.Served(At(4));
        Assert.True(needs.MayAsk(NeedOf("20.00", At(4)), At(4)));
    }

    // What is corrected down of it would be money that the tenant does not have.
    [Theory]
    [InlineData("1.00", true)]
    [InlineData("1.20", false)]
    public void Holder_ThatSpentBeyondItsMoney_DoesNotAskAhead(string spent, bool asksAhead)
    {
        var link = new ParentLink
        {
            ParentId = "~acme",
            ParentLife = 1,
            RowMark = 1,
            Granted = Usd("1.00"),
            Policy = HolderPolicy.Sliced,
        };
        needs.Use(Usd("0.05"), At(1));
        Assert.Equal(
            asksAhead,
            needs.WantsAhead(
                new SessionHead
                {
                    SessionId = "acme@1",
                    Budget = Usd("9.00"),
                    Spent = Usd(spent),
                    Link = link,
                },
                At(2)
            )
        );
    }

    // The parent would take all for gone with the first.
    [Fact]
    public void Call_ThatComesWhenTheFirstAreGone_IsAskedForAnew()
    {
        Ask("20.00", since: 1);
        var number = needs.Number;
        needs.Note(NeedOf("1.00", At(2.4)), At(2.4));
        Assert.Equal((number, true), (needs.Number, needs.IsPending));
        needs.Note(NeedOf("1.00", At(2.6)), At(2.6));
        Assert.Equal((number + 1, false), (needs.Number, needs.IsPending));
    }

    private void Ask(string amount, double since)
    {
        Note(amount, since);
        needs.Asked(now);
        needs.Wait(At(since));
    }

    private void Note(string amount, double since) => needs.Note(NeedOf(amount, At(since)), At(2));

    private void Recall(double since) => needs.Recall(1, At(since), At(10));

    private static Need NeedOf(string amount, DateTimeOffset since) => new(Usd(amount), Usd(amount), Usd(amount), since);

    private DateTimeOffset At(double second) => now.AddSeconds(second);
}
