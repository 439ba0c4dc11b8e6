using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Tenants;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>Whom a stop of a tenant ends, and what stands of it in the tenant's history.</summary>
public sealed class TenantStopTests
{
    private readonly SessionLedger tenant = SessionLedger.New("~acme");
    private readonly DateTimeOffset now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Stop_OfATenant_EndsThoseWhoWereThereAndNoneWhoComesAfterTheResume()
    {
        Admit("old");
        Run(new StopTenantCommand());
        Assert.True(WordFor("old").IsStop);
        Assert.Equal(RefusalReason.Paused, Assert.IsType<ParentWord>(Ask("new")).Refused);
        Run(new ResumeCommand());
        Admit("new");
        Assert.Equal((true, false), (WordFor("old").IsStop, WordFor("new").IsStop));
    }

    [Fact]
    public void Stop_OfATenantThatIsStopped_ChangesNothing_AndOneThatIsPausedIsStoppedAllTheSame()
    {
        Run(new PauseCommand());
        var paused = tenant.Head.HoldNumber;
        Assert.False(Run(new StopTenantCommand()).IsUnchanged);
        Assert.True(tenant.Head.HoldNumber > paused);
        Assert.True(Run(new StopTenantCommand { AnswerWithin = TimeSpan.Zero }).IsUnchanged);
        Assert.True(TenantReport.Of(tenant.Head)!.IsStopped);
        Run(new ResumeCommand());
        Assert.False(TenantReport.Of(tenant.Head)!.IsStopped);
    }

    [Theory]
    [InlineData(true, PauseSources.Parent)]
    [InlineData(false, PauseSources.None)]
    public void Stop_HeardFromAbove_EndsWhatIsOpenThen_HoweverLateItIsHeard(bool isStillPaused, PauseSources by)
    {
        var below = SessionLedger.New("~acme/r");
        below.ExpireDue(now);
        below.Execute(new SetTenantCommand { Settings = TenantSettings.None }, LookUps.None, now);
        var entries = below
            .Receive(Word(below, stopNumber: 5, isStillPaused, holdNumber: isStillPaused ? 5 : 6), Evidence.None, now)
            .Entries;
        Assert.Equal(by, Assert.Single(entries, entry => entry.Kind == EntryKind.Stopped).PauseSource);
        Assert.Equal(isStillPaused, below.Head.Breaker.State == BreakerState.Paused);
        var again = below.Receive(Word(below, stopNumber: 5, isStillPaused, holdNumber: isStillPaused ? 5 : 6), Evidence.None, now).Entries;
        Assert.DoesNotContain(again, entry => entry.Kind == EntryKind.Stopped);
    }

    [Fact]
    public void History_OfATenant_IsAChainOfWhatWasDoneToIt()
    {
        Run(
            new SetTenantCommand
            {
                Settings = new TenantSettings { TotalLimit = Usd("1.00") },
                By = "alice",
            }
        );
        Admit("a");
        Run(new PauseCommand { By = "bob", Reason = "to look" });
        Run(new ResumeCommand { By = "bob" });
        var last = tenant.Head.Tenant!.LastChange;
        Assert.Equal(tenant.Head.Sequence, last);
        var stopped = tenant.Execute(new StopTenantCommand { By = "carol" }, LookUps.None, now).Entries.Single();
        Assert.Equal((last, "carol"), (stopped.Related, stopped.By));
    }

    private SessionAnswer Run(SessionCommand command) => tenant.Execute(command, LookUps.None, now).Answer;

    private LedgerMessage Ask(string name)
    {
        var session = SessionLedger.New($"acme@{name}");
        var open = new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd("1.00") } };
        return tenant.Receive(session.RequestFor(open, mustBeSet: false, now)!, Evidence.None, now).Reply!;
    }

    private void Admit(string name)
    {
        var invitation = Assert.IsType<Invitation>(Ask(name));
        tenant.Receive(
            new HolderWord
            {
                HolderId = invitation.HolderId,
                HolderLife = 7,
                ParentId = "~acme",
                ParentLife = TenantLedgers.Life,
                RowMark = invitation.RowMark,
                Time = now,
                Granted = invitation.Granted,
                Policy = HolderPolicy.Sliced,
            },
            Evidence.None,
            now
        );
    }

    private ParentWord WordFor(string name) => Assert.IsType<ParentWord>(tenant.WordForHolder(tenant.OpenHolders[$"acme@{name}"], now));

    private ParentWord Word(SessionLedger holder, long stopNumber, bool isPaused, long holdNumber) =>
        new()
        {
            HolderId = holder.Head.SessionId,
            HolderLife = TenantLedgers.Life,
            ParentId = "~acme",
            ParentLife = TenantLedgers.Life,
            RowMark = 0,
            Time = now,
            Granted = Money.Zero,
            GivenBack = Money.Zero,
            Spent = Money.Zero,
            Through = 0,
            Epoch = 0,
            HoldNumber = holdNumber,
            IsPaused = isPaused,
            StopNumber = stopNumber,
        };
}
