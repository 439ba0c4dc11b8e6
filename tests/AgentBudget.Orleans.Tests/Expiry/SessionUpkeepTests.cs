using AgentBudget.Orleans.Expiry;
using AgentBudget.Orleans.Family;
using AgentBudget.Orleans.Tests.Family;

namespace AgentBudget.Orleans.Tests.Expiry;

/// <summary>What is done for a session that is due, on a ledger in memory and a family that takes down whether it was asked.</summary>
public sealed class SessionUpkeepTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private readonly LedgerSession session = new("session");
    private readonly UnfinishedBusiness family = new();
    private readonly SessionUpkeep upkeep;

    public SessionUpkeepTests() => upkeep = new SessionUpkeep(session, family, Retention);

    [Fact]
    public async Task Session_ThatWasNeverOpened_IsLeftAlone()
    {
        await upkeep.TendAsync();
        Assert.Equal((0, null), (session.PurgedAt, session.RescheduledTo));
    }

    [Fact]
    public async Task Session_ThatIsWell_IsTendedAgainWhenItIsDue()
    {
        await OpenAsync();
        session.Now += TimeSpan.FromHours(1);
        await upkeep.TendAsync();
        Assert.Equal(session.Ledger.NextDue, session.RescheduledTo);
        Assert.Equal(0, family.Asked);
    }

    [Fact]
    public async Task Session_WithUnfinishedBusiness_FinishesItAndIsTendedAgainSoon()
    {
        await OpenAsync();
        Assert.True((await session.ExecuteAsync(new CarveCommand { Child = "child", Amount = Money.Parse("0.40") })).IsGranted);
        session.Now += TimeSpan.FromHours(1);
        await upkeep.TendAsync();
        Assert.Equal(1, family.Asked);
        Assert.Equal(session.Now + TimeSpan.FromMinutes(5), session.RescheduledTo);
    }

    [Fact]
    public async Task Session_PastItsRetention_IsPurgedAsItStands()
    {
        await OpenAsync();
        await session.ExecuteAsync(new CloseCommand());
        session.Now += Retention - TimeSpan.FromTicks(1);
        await upkeep.TendAsync();
        Assert.Equal(0, session.PurgedAt);
        session.Now += TimeSpan.FromTicks(1);
        await upkeep.TendAsync();
        Assert.Equal(2, session.PurgedAt);
    }

    [Fact]
    public async Task Child_WhoseParentHasNotHeard_IsNotPurged()
    {
        await OpenAsync(new CarveOrigin { ParentId = "parent", CarveId = 7 });
        await session.ExecuteAsync(new CloseCommand());
        session.Now += 2 * Retention;
        await upkeep.TendAsync();
        Assert.Equal((1, 0), (family.Asked, session.PurgedAt));
    }

    private async Task OpenAsync(CarveOrigin? origin = null) =>
        Assert.True(
            (
                await session.ExecuteAsync(
                    new OpenCommand
                    {
                        Options = new BudgetSessionOptions { Budget = Money.Parse("1.00") },
                        Origin = origin,
                    }
                )
            ).IsGranted
        );

    private sealed class UnfinishedBusiness : IUnfinishedBusiness
    {
        public int Asked { get; private set; }

        public Task FinishAsync()
        {
            Asked++;
            return Task.CompletedTask;
        }
    }
}
