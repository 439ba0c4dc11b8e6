using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class BodyHashTests
{
    private const ulong TextHash = 817551958368403229UL;
    private const long ReserveHash = 9058193687798018395;

    private const long UsedHash = 1037495142928663891;

    private static ReserveCommand Reserve =>
        new()
        {
            Amount = Usd("1"),
            Call = new Call { Name = "gpt-5" },
        };

    [Fact]
    public void Hash_AnyFieldOfTheBody_ChangesIt()
    {
        SessionCommand[] commands =
        [
            Reserve,
            Reserve with
            {
                Amount = Usd("2"),
            },
            Reserve with
            {
                LeastAmount = Money.Zero,
            },
            Reserve with
            {
                LeastAmount = Usd("1"),
            },
            Reserve with
            {
                IsFinal = true,
            },
            Reserve with
            {
                TimeToLive = Seconds(1),
            },
            Reserve with
            {
                Child = "kid",
            },
            Reserve with
            {
                Call = Reserve.Call with { Kind = CallKind.Tool },
            },
            Reserve with
            {
                Call = Reserve.Call with { Name = "gpt-6" },
            },
            Reserve with
            {
                Call = Reserve.Call with { Provider = "openai" },
            },
            Reserve with
            {
                Call = Reserve.Call with { Agent = "openai" },
            },
            Reserve with
            {
                Call = Reserve.Call with { Fingerprint = 1 },
            },
            Reserve with
            {
                Call = Reserve.Call with { Usage = new TokenUsage(1, 0) },
            },
            Reserve with
            {
                Call = Reserve.Call with { Usage = new TokenUsage(0, 1) },
            },
            Reserve with
            {
                Call = Reserve.Call with { Usage = new TokenUsage(1, 0) { InputImage = 1 } },
            },
            Reserve with
            {
                Call = Reserve.Call with
                {
                    Usage = new TokenUsage(1, 1) { InputImage = 1, OutputImage = 1 },
                },
            },
            Reserve with
            {
                Call = Reserve.Call with { Usage = new TokenUsage(1, 1) { InputImage = 1 } },
            },
            Reserve with
            {
                Call = Reserve.Call with { Usage = new TokenUsage(1, 1) { OutputImage = 1 } },
            },
            Reserve with
            {
                Call = Reserve.Call with
                {
                    Usage = new TokenUsage(1, 1) { OutputImage = 1 },
                    Failed = true,
                },
            },
            new ChargeCommand { Cost = Usd("1"), Call = Reserve.Call },
            new SettleCommand { ReservationId = 1, Cost = Usd("1") },
            new SettleCommand
            {
                ReservationId = 1,
                Cost = Usd("1"),
                Call = Reserve.Call,
            },
            ReserveCommand.ByUsage(Reserve.Call),
            Reserve with
            {
                Amount = Money.Zero,
            },
            ChargeCommand.ByUsage(Reserve.Call),
            new ChargeCommand { Cost = Money.Zero, Call = Reserve.Call },
            SettleCommand.ByUsage(1, Reserve.Call),
            new SettleCommand
            {
                ReservationId = 1,
                Cost = Money.Zero,
                Call = Reserve.Call,
            },
            new ReleaseCommand { ReservationId = 1 },
            new TopUpCommand { Amount = Usd("1") },
            new TopUpCommand { Amount = Usd("1"), Reason = "" },
            new SetBudgetCommand { Budget = Usd("1") },
        ];
        Assert.Equal(commands.Length, commands.Select(command => command.HashBody()).Distinct().Count());
    }

    [Fact]
    public void Hash_TheTermsOfACall_ArePartOfTheBody()
    {
        ReserveCommand[] commands =
        [
            Reserve,
            Reserve with
            {
                Call = Reserve.Call with { ServiceTier = "priority" },
            },
            Reserve with
            {
                Call = Reserve.Call with { Region = "priority" },
            },
            Reserve with
            {
                Call = Reserve.Call with { Speed = "priority" },
            },
        ];
        Assert.Equal(commands.Length, commands.Select(command => command.HashBody()).Distinct().Count());
    }

    [Fact]
    public void Hash_TheKey_IsNoPartOfTheBody() =>
        Assert.Equal(Reserve.HashBody(), (Reserve with { Key = "k", IsKeyFresh = true }).HashBody());

    // It stands in stored timelines: a retry after an upgrade must meet the same number.
    [Fact]
    public void Hash_OfATextAndACommand_NeverChanges()
    {
        var usage = new TokenUsage(1_000, 500)
        {
            CacheRead = 100,
            CacheWrite = 90,
            CacheWriteOneHour = 40,
            Reasoning = 70,
            WebSearches = 3,
        };
        var used = Reserve with { Call = Reserve.Call with { Usage = usage, Failed = true, Sketch = 7, Result = 9 } };
        Assert.Equal(TextHash, BodyHash.Of("acme/research"));
        Assert.Equal((ReserveHash, UsedHash), (Reserve.HashBody(), used.HashBody()));
    }

    // A count that is added to the list later must not change the hash of a body that does not have it.
    [Fact]
    public void Hash_OfAUsage_IsThatOfItsCountsByNumber()
    {
        var hash = default(BodyHash);
        new TokenUsage(5, 0) { RerankSearches = 2 }.AddTo(ref hash);
        var expected = default(BodyHash);
        foreach (var part in new long[] { 1, 5, 12, 2, 0 })
            expected.Add(part);
        Assert.Equal(expected.Value, hash.Value);
    }
}
