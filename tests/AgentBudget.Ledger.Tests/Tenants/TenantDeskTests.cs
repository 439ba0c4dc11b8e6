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

    private void AddHolders(int count)
    {
        for (var number = 1; number <= count; number++)
            state.Holders.Add(
                new HolderRow
                {
                    Number = number,
                    HolderId = $"acme/r@{number}",
                    HolderLife = 1,
                    OpenedAt = now,
                    Granted = Usd("1.00"),
                    Policy = HolderPolicy.Sliced,
                }
            );
    }
}
