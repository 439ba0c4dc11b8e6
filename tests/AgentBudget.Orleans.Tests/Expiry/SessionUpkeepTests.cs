using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Between;
using AgentBudget.Orleans.Expiry;
using AgentBudget.Orleans.Tests.Between;

namespace AgentBudget.Orleans.Tests.Expiry;

/// <summary>What is done for a session that is due, on a ledger in memory and a family that takes down whether it was asked.</summary>
public sealed class SessionUpkeepTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private readonly LedgerSession session = new("session");
    private readonly UnfinishedBusiness family = new();
    private readonly SessionUpkeep upkeep;

    public SessionUpkeepTests() => upkeep = new SessionUpkeep(session, family, DueSpans.With(Retention));

    [Fact]
    public async Task Session_ThatWasNeverOpened_IsLeftAlone()
    {
        await upkeep.TendAsync();
        Assert.Equal((0, null), (session.PurgedAt, session.RescheduledTo));
    }

    [Fact]
    public async Task Session_ThatIsWell_IsTendedAgainWhenItIsDue()
    {
        Open();
        session.Now += TimeSpan.FromHours(1);
        await upkeep.TendAsync();
        Assert.Equal(session.Ledger.NextDue, session.RescheduledTo);
        Assert.Equal(0, family.Asked);
    }

    [Fact]
    public async Task Session_WithUnfinishedBusiness_FinishesItAndIsTendedAgainSoon()
    {
        Open();
        session.Execute(
            new OpenCarvedChildCommand
            {
                Child = "child",
                Options = new BudgetSessionOptions { Budget = Money.Parse("0.40") },
            }
        );
        session.Now += TimeSpan.FromHours(1);
        await upkeep.TendAsync();
        Assert.Equal(1, family.Asked);
        Assert.Equal(session.Now + TimeSpan.FromMinutes(5), session.RescheduledTo);
    }

    // What is written while it is tended may keep the due time that brought the sweep here.
    [Fact]
    public async Task Session_ThatIsWrittenWhileItIsTended_IsRescheduledAllTheSame()
    {
        Open();
        session.Execute(
            new OpenCarvedChildCommand
            {
                Child = "child",
                Options = new BudgetSessionOptions { Budget = Money.Parse("0.40") },
            }
        );
        session.Now += TimeSpan.FromHours(1);
        family.OnAsked = () =>
        {
            session.Execute(new ChargeCommand { Cost = Money.Parse("0.01"), Call = Call.Model("gpt-5") });
            return Task.CompletedTask;
        };
        await upkeep.TendAsync();
        Assert.Equal(session.Now + TimeSpan.FromMinutes(1), session.RescheduledTo);
    }

    [Fact]
    public async Task Session_WithUnfinishedBusinessThatEndsByTheClockBeforeItWouldBeTended_IsTendedThen()
    {
        Open(timeToLive: TimeSpan.FromHours(1) + TimeSpan.FromMinutes(2));
        session.Execute(
            new OpenCarvedChildCommand
            {
                Child = "child",
                Options = new BudgetSessionOptions { Budget = Money.Parse("0.40") },
            }
        );
        session.Now += TimeSpan.FromHours(1);
        await upkeep.TendAsync();
        Assert.Equal(session.Now + TimeSpan.FromMinutes(2), session.RescheduledTo);
        session.Now += TimeSpan.FromMinutes(2);
        await upkeep.TendAsync();
        Assert.Equal(EndReason.Expired, session.Ledger.Head.End);
    }

    [Fact]
    public async Task Session_PastItsRetention_IsPurgedAsItStands()
    {
        Open();
        session.Execute(new CloseCommand());
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
        await RegisterAsync();
        session.Execute(new CloseCommand());
        session.Now += 2 * Retention;
        await upkeep.TendAsync();
        Assert.Equal((1, 0), (family.Asked, session.PurgedAt));
    }

    // What the parent says is true when it says it; by the time that something is written its store may have been restored.
    [Fact]
    public async Task Child_ThatHasToWriteWhatItsParentSays_IsPurgedByTheNextSweep()
    {
        await RegisterAsync();
        session.Execute(new CloseCommand());
        session.Now += 2 * Retention;
        family.OnAsked = () => SayThatAllIsBooked();
        await upkeep.TendAsync();
        Assert.Equal(0, session.PurgedAt);
        await upkeep.TendAsync();
        Assert.Equal(session.Ledger.Head.Sequence, session.PurgedAt);
    }

    private Task<LedgerMessage?> RegisterAsync() =>
        session.ReceiveAsync(
            new Invitation
            {
                HolderId = session.SessionId,
                ParentId = "parent",
                ParentLife = 7,
                RowMark = 9,
                Time = session.Now,
                Options = new BudgetSessionOptions { Budget = Money.Parse("1.00") },
            }
        );

    private Task<LedgerMessage?> SayThatAllIsBooked()
    {
        session.Ledger.DoubtParent(isPurgeDue: true);
        return session.ReceiveAsync(
            new ParentWord
            {
                HolderId = session.SessionId,
                HolderLife = session.Ledger.Head.Life,
                ParentId = "parent",
                ParentLife = 7,
                RowMark = 9,
                Time = session.Now,
                Granted = Money.Zero,
                GivenBack = Money.Zero,
                Spent = Money.Zero,
                Through = session.Ledger.Head.Link!.LastNews,
                Epoch = 0,
                HoldNumber = 0,
                IsPaused = false,
                IsClosed = true,
                IsProven = true,
            }
        );
    }

    private void Open(TimeSpan? timeToLive = null)
    {
        var options = new BudgetSessionOptions { Budget = Money.Parse("1.00"), TimeToLive = timeToLive };
        var opened = session.Execute(new OpenCommand { Options = options });
        Assert.True(opened.Answer.IsGranted);
    }

    private sealed class UnfinishedBusiness : IUnfinishedBusiness
    {
        public int Asked { get; private set; }

        public Func<Task>? OnAsked { get; set; }

        public Task FinishAsync(bool isPurgeDue)
        {
            Asked++;
            return OnAsked?.Invoke() ?? Task.CompletedTask;
        }
    }
}
