using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>Commands without an amount: the ledger decides them by the price that is handed in, and refuses them without one.</summary>
public sealed class ByUsageTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Call Used = Call.Model("gpt-5") with { Usage = new TokenUsage(1_000, 10) };
    private static readonly Call Priced = Used with { PriceRow = "openai/gpt-5", PriceTableVersion = "v1" };

    private readonly SessionLedger ledger = SessionLedger.New("s");

    public ByUsageTests() =>
        ledger.Execute(new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd("5") } }, LookUps.None, Start);

    [Fact]
    public void Charge_WithAPrice_IsRecordedAtItWithItsRow()
    {
        var decision = Execute(ChargeCommand.ByUsage(Used) with { Key = "k" }, "0.25");

        var entry = Assert.Single(decision.Entries);
        Assert.Equal((Usd("0.25"), "openai/gpt-5", "v1"), (entry.Amount, entry.Call!.PriceRow, entry.Call.PriceTableVersion));
        Assert.Equal((ChargeCommand.ByUsage(Used) with { Key = "k" }).HashBody(), entry.BodyHash);
    }

    [Fact]
    public void Reservation_WithAPrice_SetsItAsideAndSettlesAtAnother()
    {
        var reserved = Execute(ReserveCommand.ByUsage(Used), "1").Answer;
        var settled = Execute(SettleCommand.ByUsage(reserved.ReservationId, Used), "0.40").Answer;

        Assert.Equal((Usd("1"), Usd("0.40")), (reserved.Amount, settled.Amount));
        Assert.Equal((Usd("0.40"), Money.Zero), (settled.Standing.Settled, settled.Standing.Reserved));
    }

    [Fact]
    public void Reservation_ThatThePriceMakesTooLarge_IsRefusedForMoney() =>
        Assert.Equal(RefusalReason.TooLarge, Execute(ReserveCommand.ByUsage(Used), "5.01").Answer.Refusal!.Reason);

    [Fact]
    public void AnyCommand_WithoutAPrice_IsRefusedAndWritesNothing()
    {
        SessionCommand[] commands = [ReserveCommand.ByUsage(Used), ChargeCommand.ByUsage(Used), SettleCommand.ByUsage(1, Used)];
        foreach (var command in commands)
        {
            var decision = ledger.Execute(command, LookUps.None, Start);
            Assert.Equal(RefusalReason.UnknownModel, decision.Answer.Refusal!.Reason);
            Assert.Empty(decision.Entries);
        }
    }

    [Fact]
    public void Retry_AtAnotherPriceOrNone_GivesTheFirstAnswer()
    {
        var command = ChargeCommand.ByUsage(Used) with { Key = "k" };
        var first = Assert.Single(Execute(command, "0.25").Entries);

        var again = ledger.Execute(command, new LookUps { Prior = first }, Start).Answer;

        Assert.Equal((true, Usd("0.25")), (again.IsReplay, again.Amount));
    }

    private Decision Execute(SessionCommand command, string usd)
    {
        command.Validate();
        return ledger.Execute(command, new LookUps { Price = new PricedUsage(Usd(usd), Priced) }, Start);
    }
}
