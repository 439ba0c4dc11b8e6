using AgentBudget.Ledger.Tenants;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>Recalls of a tenant's own, and those that are part of one above.</summary>
public sealed class TenantDeskTests
{
    private const long RoundAbove = 77;

    private readonly TenantDesk desk = new();
    private readonly SessionState state = new(new SessionHead { SessionId = "~acme/r", Reserved = Usd("12.00") });
    private readonly DateTimeOffset now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Recall_FromAboveWhileAFewAreAsked_IsAnsweredWhenAllAre()
    {
        AddHolders(12);
        desk.Recall(state, Usd("0.10"), now);
        var first = desk.Round;
        var few = desk.ToTell.ToArray();
        Assert.True(few.Length < 12);

        desk.RecallFor(state, RoundAbove, now, now);
        Assert.Equal(12, desk.ToTell.Count);
        foreach (var holder in few)
            desk.Answered(holder, first, now);
        Assert.False(desk.EndRound(Usd("11.00"), now));
        Assert.Equal(0, desk.TakeRoundAbove());

        foreach (var holder in desk.ToTell)
            desk.Answered(holder, desk.Round, now);
        Assert.True(desk.EndRound(Usd("10.00"), now));
        Assert.True(desk.HasBrought);
        Assert.Equal((RoundAbove, 0), (desk.TakeRoundAbove(), desk.TakeRoundAbove()));
    }

    [Fact]
    public void Recall_FromAboveWhereNothingIsOut_LeavesNothingToAnswer()
    {
        desk.RecallFor(state, RoundAbove, now, now);
        Assert.False(desk.IsRecalling);
        Assert.Equal(0, desk.TakeRoundAbove());
    }

    [Fact]
    public void Recall_WhoseHoldersAnswerOneByOne_LastsUntilNobodyDoes()
    {
        AddHolders(12);
        desk.RecallFor(state, RoundAbove, now, now);
        var holders = desk.ToTell.ToArray();
        desk.Answered(holders[0], desk.Round, now.AddMilliseconds(400));
        Assert.False(desk.EndRound(Usd("11.00"), now.AddMilliseconds(899)));
        // Who has answered does not answer once more.
        desk.Answered(holders[0], desk.Round, now.AddMilliseconds(800));
        Assert.True(desk.EndRound(Usd("11.00"), now.AddMilliseconds(900)));
    }

    [Fact]
    public void Recall_WhoseHoldersGoOnAnswering_EndsAllTheSame()
    {
        AddHolders(12);
        desk.RecallFor(state, RoundAbove, now, now);
        var latest = RecallRound.Longest + TimeSpan.FromMilliseconds(50 * (Bounds.TenantDepth - 2));
        foreach (var (number, holder) in desk.ToTell.Skip(1).Index())
            desk.Answered(holder, desk.Round, now + (latest * number / 11));
        Assert.False(desk.EndRound(Usd("11.00"), now + latest - TimeSpan.FromMilliseconds(1)));
        Assert.True(desk.EndRound(Usd("11.00"), now + latest));
    }

    [Fact]
    public void Recall_BesideAWordThatWasNotToldYet_IsToldWithIt()
    {
        AddHolders(2);
        desk.Tell("acme/r@1", new TenantWord { Refused = RefusalReason.TenantExhausted, RefusedAsk = 3 });
        desk.RecallFor(state, RoundAbove, now.AddSeconds(-1), now);
        desk.Tell("acme/r@2", TenantWord.Nothing);

        var refused = desk.Take("acme/r@1");
        Assert.Equal(
            (RefusalReason.TenantExhausted, 3, desk.Round, now.AddSeconds(-1)),
            (refused.Refused, refused.RefusedAsk, refused.Recall, refused.RecallSince)
        );
        Assert.Equal(desk.Round, desk.Take("acme/r@2").Recall);
    }

    [Fact]
    public void Recall_FromAboveInPlaceOfOneThatBroughtSome_HasBroughtSome()
    {
        AddHolders(12);
        desk.Recall(state, Usd("0.10"), now);
        desk.GaveBack("acme/r@1", Usd("0.10"));
        desk.RecallFor(state, RoundAbove, now, now);
        foreach (var holder in desk.ToTell.ToArray())
            desk.Answered(holder, desk.Round, now);
        Assert.True(desk.EndRound(Usd("13.00"), now));
        Assert.True(desk.HasBrought);
    }

    // A thousand that are asked at once would be longer about it than callers wait.
    [Fact]
    public void Recall_ThatIsWidened_AsksTheNextLargestForTwiceWhatIsLacking()
    {
        AddHolders(100);
        desk.Wait(WaiterOf("acme/r@new"), Usd("1.00"));
        desk.Recall(state, Usd("0.10"), now);
        Assert.Equal(8, desk.ToTell.Count);
        desk.Widen(state, Usd("3.00"), now);
        Assert.Equal((24, true), (desk.ToTell.Count, desk.MayWiden(now)));
    }

    // What they had is in use: no more can be expected of them.
    [Fact]
    public void Recall_WhoseAnswersBringNothing_IsWidenedForTheSame()
    {
        AddHolders(100);
        desk.Wait(WaiterOf("acme/r@new"), Usd("1.00"));
        desk.Recall(state, Usd("2.00"), now);
        var few = desk.ToTell.ToArray();
        foreach (var holder in few.Take(4))
            desk.Answered(holder, desk.Round, now);
        desk.Widen(state, Usd("2.00"), now);
        Assert.Equal(8 + 12, desk.ToTell.Count);
    }

    [Fact]
    public void Recall_ThatIsWidenedAgainAndAgain_EndsAllTheSame()
    {
        AddHolders(100);
        desk.Wait(WaiterOf("acme/r@new"), Usd("1.00"));
        desk.Recall(state, Usd("0.10"), now);
        var latest = RecallRound.Longest + RecallRound.LongestSilence + TimeSpan.FromMilliseconds(50 * (Bounds.TenantDepth - 2));
        desk.Widen(state, Usd("2.20"), now + (latest * 0.75));
        desk.Widen(state, Usd("5.00"), now + (latest * 0.9));
        Assert.False(desk.EndRound(Usd("11.00"), now + latest - TimeSpan.FromMilliseconds(1)));
        desk.Widen(state, Usd("50.00"), now + latest);
        Assert.True(desk.EndRound(Usd("11.00"), now + latest));
    }

    // With a thousand that run dry at once, the first answer takes its time.
    [Fact]
    public void Recall_ThatNobodyHasAnsweredYet_WaitsLongerThanBetweenAnswers()
    {
        AddHolders(12);
        desk.RecallFor(state, RoundAbove, now, now);
        Assert.False(desk.EndRound(Usd("11.00"), now + RecallRound.Longest));
    }

    // Its own sessions have to answer first.
    [Fact]
    public void Recall_ThatIsWidenedToATenantBelow_WaitsForThatOnesOwn()
    {
        AddHolders(8);
        Add("~acme/r/team", number: 9, "0.50");
        desk.Wait(WaiterOf("acme/r@new"), Usd("1.00"));
        desk.Recall(state, Usd("0.10"), now);
        desk.Widen(state, Usd("3.00"), now);
        Assert.Contains("~acme/r/team", desk.ToTell);
        foreach (var holder in desk.ToTell.Where(id => id != "~acme/r/team").ToArray())
            desk.Answered(holder, desk.Round, now.AddMilliseconds(100));
        Assert.False(desk.EndRound(Usd("11.00"), now.AddMilliseconds(1_500)));
    }

    // It is more than went out: the tenant above had given some.
    [Fact]
    public void Recall_WhoseMoneyWentOutAgain_HasBroughtSome()
    {
        AddHolders(1);
        desk.RecallFor(state, RoundAbove, now, now);
        desk.GaveBack("acme/r@1", Usd("0.10"));
        desk.Answered("acme/r@1", desk.Round, now);
        Assert.True(desk.EndRound(Usd("13.00"), now));
        Assert.True(desk.HasBrought);
    }

    // A thousand come to wait while a few are asked.
    [Fact]
    public void Recall_OfAFewWhileMoreComesToBeLacking_AsksAllInTheSameRound()
    {
        AddHolders(12);
        desk.Wait(WaiterOf("acme/r@new"), Usd("1.00"));
        desk.Recall(state, Usd("0.10"), now);
        var (round, few) = (desk.Round, desk.ToTell.ToArray());
        desk.Widen(state, Usd("0.20"), now);
        Assert.Equal(few.Length, desk.ToTell.Count);
        desk.Answered(few[0], round, now);
        desk.Take(few[0]);

        desk.Widen(state, Usd("9.00"), now.AddMilliseconds(400));
        Assert.Equal((round, 11, false), (desk.Round, desk.ToTell.Count, desk.MayWiden(now)));
        Assert.False(desk.EndRound(Usd("11.00"), now.AddMilliseconds(899)));
        foreach (var holder in desk.ToTell.ToArray())
            desk.Answered(holder, round, now.AddMilliseconds(500));
        Assert.True(desk.EndRound(Usd("11.00"), now.AddMilliseconds(500)));
        Assert.False(desk.MayAskAll);
    }

    // What was granted to its place would be a fragment, called back and granted again each quarter of a second.
    [Fact]
    public void Place_OfWhoeverGaveBack_IsForAsMuchMore()
    {
        desk.Wait(WaiterOf("acme/r@1"), Usd("1.00"));
        desk.GaveBack("acme/r@1", Usd("0.02"));
        desk.GaveBack("acme/r@2", Usd("0.02"));
        var place = Assert.Single(desk.Line);
        Assert.Equal((Usd("1.02"), Usd("1.02"), Usd("2.02")), (place.AtLeast, place.All, place.Wish));
    }

    private Waiter WaiterOf(string id) =>
        new(id, Usd("1.00"), Usd("1.00"), Usd("2.00"), Usd("0.05"), Since: now, Ask: 1, AskedAt: now, IsPatient: false);

    private void AddHolders(int count)
    {
        for (var number = 1; number <= count; number++)
            Add($"acme/r@{number}", number, "1.00");
    }

    private void Add(string id, int number, string granted) =>
        state.Holders.Add(
            new HolderRow
            {
                Number = number,
                HolderId = id,
                HolderLife = 1,
                OpenedAt = now,
                Granted = Usd(granted),
                Policy = HolderPolicy.Sliced,
            }
        );
}
