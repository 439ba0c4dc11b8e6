using AgentBudget.Ledger.Between;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>A session whose tenant has refused it as exhausted, and which has money in hand again.</summary>
public sealed class ExhaustedTenantTests
{
    private readonly SessionLedger tenant = SessionLedger.New("~acme");
    private readonly SessionLedger session = SessionLedger.New("acme@1");
    private readonly long underWay;
    private DateTimeOffset now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    public ExhaustedTenantTests()
    {
        Do(tenant, new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Usd("1.00") } });
        var open = new OpenCommand
        {
            Options = new BudgetSessionOptions { Budget = Usd("8.00"), Loops = LoopPolicy.Off },
        };
        var admission = tenant.Receive(session.RequestFor(open, mustBeSet: false, now)!, Evidence.None, now).Reply;
        session.Execute(open, LookUps.None with { Admission = admission }, now);
        var reserved = Reserve("0.50").Answer;
        underWay = Reserve("0").Answer.ReservationId;
        // More than all that the tenant has, whatever comes back.
        Assert.True(Reserve("1.10").LacksParentsMoney);
        Hear(tenant.Receive(session.WordForParent([], now), Evidence.None, now).Reply!);
        Assert.Equal(RefusalReason.TenantExhausted, Reserve("1.10").Answer.Refusal?.Reason);
        Assert.Equal(OpenReason.TenantExhausted, session.Head.Breaker.OpenReason);
        Do(session, new SettleCommand { ReservationId = reserved.ReservationId, Cost = Usd("0.10") });
    }

    [Theory]
    [InlineData("0.10")]
    [InlineData("0")]
    public void Reserve_ThatFitsIntoWhatIsInHand_ClosesTheBreakerAndSaysSo(string amount)
    {
        now += TimeSpan.FromSeconds(9);
        Assert.Equal(RefusalReason.TenantExhausted, Reserve(amount).Answer.Refusal?.Reason);

        now += TimeSpan.FromSeconds(2);
        var decision = Reserve(amount);
        Assert.Equal(EntrySignals.BreakerClosed, Assert.Single(decision.Entries).Signals);
        Assert.Equal(EntrySignals.BreakerClosed, decision.Answer.Signals);
        Assert.Equal(BreakerState.Closed, session.Head.Breaker.State);
        Assert.Equal(EntrySignals.None, Assert.Single(Reserve("0.01").Entries).Signals);
    }

    // A call that takes more passed the open breaker in silence, as often as it liked.
    [Fact]
    public void Growth_ThatFitsIntoWhatIsInHand_ClosesTheBreakerAndSaysSo()
    {
        now += TimeSpan.FromSeconds(9);
        Assert.Equal(RefusalReason.TenantExhausted, Grow("0.05").Answer.Refusal?.Reason);

        now += TimeSpan.FromSeconds(2);
        var decision = Grow("0.05");
        Assert.Equal(EntrySignals.BreakerClosed, Assert.Single(decision.Entries).Signals);
        Assert.Equal(BreakerState.Closed, session.Head.Breaker.State);
        Assert.Equal(EntrySignals.None, Assert.Single(Grow("0.01").Entries).Signals);
    }

    [Fact]
    public void Reserve_InASessionThatIsPausedAsWell_IsRefused()
    {
        Do(session, new PauseCommand());
        now += TimeSpan.FromSeconds(11);
        Assert.Equal(RefusalReason.Paused, Reserve("0.10").Answer.Refusal?.Reason);
        Assert.Equal(OpenReason.TenantExhausted, session.Head.Breaker.OpenReason);
    }

    private Decision Reserve(string amount) =>
        session.Execute(new ReserveCommand { Amount = Usd(amount), Call = Call.Tool("x") }, LookUps.None, now);

    private Decision Grow(string amount) =>
        session.Execute(new GrowCommand { ReservationId = underWay, Amount = Usd(amount) }, LookUps.None, now);

    private void Do(SessionLedger ledger, SessionCommand command) =>
        Assert.True(ledger.Execute(command, LookUps.None, now).Answer.IsGranted);

    private void Hear(LedgerMessage message) => session.Receive(message, Evidence.None, now);
}
