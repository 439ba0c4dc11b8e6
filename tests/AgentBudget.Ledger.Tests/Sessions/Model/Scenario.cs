using CsCheck;

namespace AgentBudget.Ledger.Tests;

/// <summary>What a generated session is opened with: fractions in whole percents, amounts in nano-dollars.</summary>
internal sealed record Terms(
    int Budget,
    int[] Soft,
    int Hard,
    int Reserve,
    (bool Observes, bool Latches) Mode,
    (int? Ttl, int Idle) Clock,
    int LoopCalls,
    int WindowSeconds
)
{
    public BudgetSessionOptions Options =>
        new()
        {
            Budget = Money.FromNanoDollars(Budget),
            SoftLimits = Soft.Select(percent => percent / 100m).ToArray(),
            HardLimit = Hard / 100m,
            FinalizationReserve = Reserve / 100m,
            Mode = Mode.Observes ? SessionMode.Observe : SessionMode.Enforce,
            LatchWhenExhausted = Mode.Latches,
            TimeToLive = Clock.Ttl is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            IdleTimeout = TimeSpan.FromSeconds(Clock.Idle),
            Loops =
                LoopCalls == 0
                    ? LoopPolicy.Off
                    : new LoopPolicy
                    {
                        Rule = new LoopRule
                        {
                            Calls = LoopCalls + 2,
                            WarnAt = 2,
                            Window = TimeSpan.FromSeconds(WindowSeconds),
                        },
                        Row = Small(LoopCalls, warnAt: 2),
                        BlindRow = Small(LoopCalls + 1, warnAt: 0) with { ThrottleAt = LoopCalls, ThrottleFor = TimeSpan.FromSeconds(5) },
                        Repeat = Small(LoopCalls + 1, warnAt: 3) with { Last = 6 },
                        Cycle = Small(LoopCalls, warnAt: 2),
                        Stall = Small(LoopCalls, warnAt: 2) with { Last = 8 },
                        SameResult = Small(LoopCalls == 2 ? 0 : LoopCalls, warnAt: 3),
                        SameFailure = Small(LoopCalls + 1, warnAt: 2),
                        ModelOnly = Small(LoopCalls + 1, warnAt: 2),
                        CounterRow = Small(LoopCalls + 2, warnAt: 2),
                        Waiting = new WaitingRule
                        {
                            Enabled = Budget % 3 != 0,
                            Interval = TimeSpan.FromSeconds(5),
                            Calls = LoopCalls + 3,
                            Share = Budget % 2 == 0 ? 0.4m : 0,
                        },
                        Spend =
                            Budget % 4 != 0
                                ? new SpendRule { Enabled = false }
                                : new SpendRule
                                {
                                    WarnAt = 0.2m,
                                    TripAt = Budget % 3 == 0 ? 0 : 0.7m,
                                    Window = TimeSpan.FromSeconds(15),
                                    Calls = LoopCalls,
                                },
                        Rate =
                            Budget % 5 != 0
                                ? RateCeiling.Off
                                : new RateCeiling
                                {
                                    Calls = Budget % 2 == 0 ? LoopCalls + 2 : 0,
                                    Spend = Money.FromNanoDollars(Budget / 3),
                                    Window = TimeSpan.FromSeconds(10),
                                    Action = (LoopAction)(Budget % 3),
                                },
                        ByName = new Dictionary<string, ToolLoops>
                        {
                            ["poll"] = new()
                            {
                                Rule = new LoopRule
                                {
                                    Calls = LoopCalls,
                                    WarnAt = 0,
                                    Window = TimeSpan.FromSeconds(WindowSeconds * 2),
                                },
                            },
                            ["gpt"] = new() { Changes = Budget % 2 == 0 },
                            ["free"] = new() { Matching = LoopMatching.Off },
                        },
                    },
        };

    private LoopRule Small(int calls, int warnAt) =>
        new()
        {
            Calls = calls,
            WarnAt = warnAt,
            Window = TimeSpan.FromSeconds(WindowSeconds * 3),
        };
}

/// <summary>One step, as numbers: what they stand for depends on where the session then is, so that most steps are to the point.</summary>
internal sealed record Step(int Op, int Which, int Amount, int Least, int Call, int Key, int Seconds, int Bits);

/// <summary>A generated sequence of commands.</summary>
internal sealed record Scenario(Terms Terms, Step[] Steps)
{
    private static readonly Gen<Terms> GenTerms = Gen.Select(
        Gen.OneOf(Gen.Int[1, 12], Gen.Int[13, 120]),
        Gen.OneOf<int[]>([], [90], [50, 90], [100], [30, 30, 70]),
        Gen.Frequency((6, 100), (1, 80), (1, 50), (1, 33)),
        Gen.Frequency((5, 0), (1, 10), (1, 20), (1, 32)),
        Gen.Select(Gen.Frequency((5, false), (1, true)), Gen.Frequency((4, true), (1, false))),
        Gen.Select(Gen.Frequency<int?>((6, null), (1, 40), (1, 150)), Gen.Frequency((1, Gen.Int[60, 120]), (3, Gen.Int[300, 900]))),
        Gen.Frequency((2, 0), (2, 2), (2, 3), (1, 5)),
        Gen.Int[4, 60],
        (budget, soft, hard, reserve, mode, clock, calls, window) => new Terms(budget, soft, hard, reserve, mode, clock, calls, window)
    );

    private static readonly Gen<Step> GenStep = Gen.Select(
        Gen.Int[0, 99],
        Gen.Int[0, 30],
        Gen.Int[0, 200],
        Gen.Int[0, 40],
        Gen.Int[0, 17],
        Gen.Int[0, 9],
        Gen.Frequency((9, Gen.Const(0)), (7, Gen.Int[1, 6]), (3, Gen.Int[7, 30]), (1, Gen.Int[31, 200]), (1, Gen.Int[-40, -1])),
        Gen.Int[0, 1023],
        (op, which, amount, least, call, key, seconds, bits) => new Step(op, which, amount, least, call, key, seconds, bits)
    );

    public static readonly Gen<Scenario> Any = Gen.Select(GenTerms, GenStep.Array[1, 45], (terms, steps) => new Scenario(terms, steps));
}
