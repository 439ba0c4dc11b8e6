using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class ValidationTests
{
    private static readonly Call Search = Call.Tool("search");

    public static TheoryData<SessionCommand> Bad => new((SessionCommand[])
    [
        new ReserveCommand { Amount = Usd("-0.01"), Call = Search },
        new ReserveCommand { Amount = Usd("1000000000") + Usd("0.01"), Call = Search },
        new ReserveCommand { Amount = Usd("1"), LeastAmount = Usd("1.01"), Call = Search },
        new ReserveCommand { Amount = Usd("1"), LeastAmount = Usd("-1"), Call = Search },
        new ReserveCommand { Amount = Usd("1"), Call = Search, TimeToLive = Seconds(0.9) },
        new ReserveCommand { Amount = Usd("1"), Call = Search, TimeToLive = TimeSpan.FromHours(24.1) },
        new ReserveCommand { Amount = Usd("1"), Call = Search, Child = "a b" },
        new ReserveCommand { Amount = Usd("1"), Call = Call.Tool(" ") },
        new ReserveCommand { Amount = Usd("1"), Call = Call.Tool("a\u0007") },
        new ReserveCommand { Amount = Usd("1"), Call = Call.Tool(new string('x', Bounds.NameLength + 1)) },
        new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(-1, 0) } },
        new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(TokenUsage.MaxCount + 1, 0) } },
        new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(10, 0) { CacheRead = 6, CacheWrite = 5 } } },
        new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(10, 0) { CacheWriteOneHour = 1 } } },
        new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(10, 0) { OutputAudio = 1 } } },
        new SettleCommand { ReservationId = 2, Cost = Usd("-0.01") },
        new ChargeCommand { Cost = Usd("-0.01"), Call = Search },
        new ExtendCommand { ReservationId = 2, TimeToLive = TimeSpan.Zero },
        new TopUpCommand { Amount = Money.Zero },
        new TopUpCommand { Amount = Usd("1"), Reason = new string('x', Bounds.ReasonLength + 1) },
        new SetBudgetCommand { Budget = Money.Zero },
        new CorrectCommand { EntrySequence = 1, Difference = Money.Zero, Reason = "x" },
        new CorrectCommand { EntrySequence = 1, Difference = Usd("1"), Reason = " " },
        new CorrectCommand { EntrySequence = 1, Difference = -Money.MaxAmount - Usd("0.01"), Reason = "x" },
        new CarveCommand { Child = "kid", Amount = Money.Zero },
        new CarveCommand { Child = "", Amount = Usd("1") },
    ]);

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Command_ValueOutOfRange_IsRefusedWithAReason(SessionCommand command)
    {
        var message = Assert.Throws<ArgumentException>(command.Validate).Message;
        Assert.DoesNotContain(message, char.IsControl);
        Assert.NotEmpty(message);
    }

    // Providers report it: 20 of 48,227 recorded calls do.
    [Fact]
    public void Usage_ReasoningAboveOutput_IsTolerated() => Assert.Null((new TokenUsage(10, 5) { Reasoning = 9 }).FindProblem());
}
