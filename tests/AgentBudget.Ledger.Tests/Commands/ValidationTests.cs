using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class ValidationTests
{
    private static readonly Call Search = Call.Tool("search");

    public static TheoryData<SessionCommand> Bad =>
        new(
            (SessionCommand[])
                [
                    new ReserveCommand { Amount = Usd("-0.01"), Call = Search },
                    new ReserveCommand { Amount = Usd("1000000000") + Usd("0.01"), Call = Search },
                    new ReserveCommand
                    {
                        Amount = Usd("1"),
                        LeastAmount = Usd("1.01"),
                        Call = Search,
                    },
                    new ReserveCommand
                    {
                        Amount = Usd("1"),
                        LeastAmount = Usd("-1"),
                        Call = Search,
                    },
                    new ReserveCommand
                    {
                        Amount = Usd("1"),
                        Call = Search,
                        TimeToLive = Seconds(0.9),
                    },
                    new ReserveCommand
                    {
                        Amount = Usd("1"),
                        Call = Search,
                        TimeToLive = TimeSpan.FromHours(24.1),
                    },
                    new ReserveCommand
                    {
                        Amount = Usd("1"),
                        Call = Search,
                        Child = "a b",
                    },
                    new ReserveCommand { Amount = Usd("1"), Call = Call.Tool(" ") },
                    new ReserveCommand { Amount = Usd("1"), Call = Call.Tool("a\u0007") },
                    new ReserveCommand { Amount = Usd("1"), Call = Call.Tool(new string('x', Bounds.NameLength + 1)) },
                    new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(-1, 0) } },
                    new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(TokenUsage.MaxCount + 1, 0) } },
                    new ReserveCommand
                    {
                        Amount = Usd("1"),
                        Call = Search with
                        {
                            Usage = new TokenUsage(10, 0) { CacheRead = 6, CacheWrite = 5 },
                        },
                    },
                    new ReserveCommand
                    {
                        Amount = Usd("1"),
                        Call = Search with { Usage = new TokenUsage(10, 0) { CacheWriteOneHour = 1 } },
                    },
                    new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(10, 0) { OutputAudio = 1 } } },
                    new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(10, 0) { InputImage = 11 } } },
                    new ReserveCommand { Amount = Usd("1"), Call = Search with { Usage = new TokenUsage(10, 0) { OutputImage = -1 } } },
                    new SettleCommand { ReservationId = 2, Cost = Usd("-0.01") },
                    new ChargeCommand { Cost = Usd("-0.01"), Call = Search },
                    new ExtendCommand { ReservationId = 2, TimeToLive = TimeSpan.Zero },
                    new GrowCommand { ReservationId = 2, Amount = Money.Zero },
                    new GrowCommand
                    {
                        ReservationId = 2,
                        Amount = Usd("1"),
                        LeastAmount = Usd("1.01"),
                    },
                    new GrowCommand
                    {
                        ReservationId = 2,
                        Amount = Usd("1"),
                        LeastAmount = Usd("-1"),
                    },
                    new TopUpCommand { Amount = Money.Zero },
                    new TopUpCommand { Amount = Usd("1"), Reason = new string('x', Bounds.ReasonLength + 1) },
                    new SetBudgetCommand { Budget = Money.Zero },
                    new CorrectCommand
                    {
                        EntrySequence = 1,
                        Difference = Money.Zero,
                        Reason = "x",
                    },
                    new CorrectCommand
                    {
                        EntrySequence = 1,
                        Difference = Usd("1"),
                        Reason = " ",
                    },
                    new CorrectCommand
                    {
                        EntrySequence = 1,
                        Difference = -Money.MaxAmount - Usd("0.01"),
                        Reason = "x",
                    },
                    new OpenCarvedChildCommand { Child = "kid", Options = Options with { Budget = Money.Zero } },
                    new OpenCarvedChildCommand { Child = "", Options = Options },
                ]
        );

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Command_ValueOutOfRange_IsRefusedWithAReason(SessionCommand command)
    {
        var message = Assert.Throws<ArgumentException>(command.Validate).Message;
        Assert.DoesNotContain(message, char.IsControl);
        Assert.NotEmpty(message);
    }

    // They were accepted, and stored as U+FFFD: as another name, under a key that stood for the first.
    // (Not as inline data: an attribute is written in UTF-8.)
    [Theory]
    [InlineData("a", 0xD800, "")]
    [InlineData("", 0xDC00, "a")]
    [InlineData("a", 0xD83D, "b")]
    [InlineData("\uD83D\uDE00", 0xDE00, "")]
    public void Command_TextWithALoneSurrogate_IsRefusedByItsName(string before, int half, string after)
    {
        var (text, code) = (before + (char)half + after, FormattableString.Invariant($"U+{half:X4}"));
        (string What, Action Check)[] cases =
        [
            ("The model's name", Charge(Call.Model(text))),
            ("The tool's name", Charge(Call.Tool(text, "{}"))),
            ("The provider's name", Charge(Call.Model("gpt-5", text))),
            ("The agent's label", Charge(Search with { Agent = text })),
            ("The price row", Charge(Search with { PriceRow = text })),
            ("The price table's version", Charge(Search with { PriceTableVersion = text })),
            ("The reason", new PauseCommand { Reason = text }.Validate),
            ("The agent's name", (Options with { Agent = text }).Validate),
            ("A tag's name", (Options with { Tags = new Dictionary<string, string> { [text] = "x" } }).Validate),
            ("The tag x", (Options with { Tags = new Dictionary<string, string> { ["x"] = text } }).Validate),
            (
                "A loop rule's name",
                (Options with { Loops = new LoopPolicy { ByName = new Dictionary<string, ToolLoops> { [text] = new() } } }).Validate
            ),
        ];
        foreach (var (what, check) in cases)
        {
            var message = Assert.Throws<ArgumentException>(check).Message;
            Assert.StartsWith(what, message, StringComparison.Ordinal);
            Assert.Contains(code, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Command_TextWithAnAsciiCharacter_IsRefusedWhereThatIsAControlCharacter()
    {
        for (var character = '\0'; character <= '\u007F'; character++)
        {
            var check = Charge(Call.Model($"gpt{character}5"));
            if (char.IsControl(character))
                Assert.Contains("control character", Assert.Throws<ArgumentException>(check).Message, StringComparison.Ordinal);
            else
                check();
        }
    }

    // Two names that look the same, or one that breaks a line of a log, were accepted and stored.
    [Theory]
    [InlineData(0x202E)]
    [InlineData(0x2066)]
    [InlineData(0x200F)]
    [InlineData(0x061C)]
    [InlineData(0x2028)]
    [InlineData(0x2029)]
    [InlineData(0x00AD)]
    [InlineData(0x200B)]
    [InlineData(0x200D)]
    [InlineData(0x2060)]
    [InlineData(0xFEFF)]
    [InlineData(0xE0041)]
    public void Command_TextThatShowsAsAnother_IsRefusedWithTheCharacter(int mark)
    {
        var message = Assert.Throws<ArgumentException>(Charge(Call.Model($"gpt{char.ConvertFromUtf32(mark)}5"))).Message;
        Assert.StartsWith("The model's name", message, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"U+{mark:X4}"), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0646\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645")]
    [InlineData("\U0001F469\u200D\U0001F4BB")]
    [InlineData("\u0939\u093F\u0928\u094D\u200D\u0926\u0940")]
    public void Command_TextOfAScriptThatIsWrittenWithJoiners_IsTaken(string name) => Charge(Call.Model(name))();

    // Each was a NullReferenceException, or was accepted and stored.
    public static TheoryData<string, Action> NullOrUnknown =>
        new()
        {
            { "The options", () => new OpenCommand { Options = null! }.Validate() },
            { "The call", () => new ReserveCommand { Amount = Usd("1"), Call = null! }.Validate() },
            { "The call", () => new ChargeCommand { Cost = Usd("1"), Call = null! }.Validate() },
            { "The child's options", () => new OpenCarvedChildCommand { Child = "kid", Options = null! }.Validate() },
            { "The loop policy", () => (Options with { Loops = null! }).Validate() },
            { "The soft limits", () => (Options with { SoftLimits = null! }).Validate() },
            { "The tags", () => (Options with { Tags = null! }).Validate() },
            { "The tag x", () => (Options with { Tags = new Dictionary<string, string> { ["x"] = null! } }).Validate() },
            { "The loop rule Row", () => (Options with { Loops = new LoopPolicy { Row = null! } }).Validate() },
            { "The rate ceiling", () => (Options with { Loops = new LoopPolicy { Rate = null! } }).Validate() },
            { "Loop rules by name", () => (Options with { Loops = new LoopPolicy { ByName = null! } }).Validate() },
            {
                "The loop rule of x",
                () => (Options with { Loops = new LoopPolicy { ByName = new Dictionary<string, ToolLoops> { ["x"] = null! } } }).Validate()
            },
            { "The kind of the call", () => Charge(Search with { Kind = (CallKind)77 })() },
            { "The source of the cost", () => Charge(Search with { Source = (CostSource)77 })() },
            { "The mode", () => (Options with { Mode = (SessionMode)77 }).Validate() },
            { "The unknown-model policy", () => (Options with { UnknownModels = (UnknownModelPolicy)77 }).Validate() },
            { "Who pauses", () => new PauseCommand { Source = (PauseSources)77 }.Validate() },
        };

    [Theory]
    [MemberData(nameof(NullOrUnknown), DisableDiscoveryEnumeration = true)]
    public void Command_NullOrUnknownValue_IsRefusedByItsName(string what, Action check) =>
        Assert.StartsWith(what, Assert.Throws<ArgumentException>(check).Message, StringComparison.Ordinal);

    [Fact]
    public void Command_IdWithALoneSurrogate_IsRefusedByItsName()
    {
        const string id = "a\uD800";
        (string What, Action Check)[] cases =
        [
            ("The session id", () => SessionIds.Validate(id)),
            (
                "The idempotency key",
                new ChargeCommand
                {
                    Cost = Usd("1"),
                    Call = Search,
                    Key = id,
                }.Validate
            ),
            (
                "The child's name",
                new ChargeCommand
                {
                    Cost = Usd("1"),
                    Call = Search,
                    Child = id,
                }.Validate
            ),
            ("The child's name", new OpenSharedChildCommand { Child = id }.Validate),
            ("The child's name", () => SessionIds.OfChild("parent", id)),
        ];
        foreach (var (what, check) in cases)
            Assert.StartsWith(what, Assert.Throws<ArgumentException>(check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_TextBeyondTheBasicPlane_IsTaken() =>
        new ChargeCommand { Cost = Usd("1"), Call = Call.Tool("\uD83D\uDE00 \uD835\uDD04") }.Validate();

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("séance")]
    public void SessionId_ThatIsNone_IsRefusedWithItsRange(string id)
    {
        var message = Assert.Throws<ArgumentException>(() => SessionIds.Validate(id)).Message;
        Assert.StartsWith("The session id", message, StringComparison.Ordinal);
        Assert.Contains("1 to 128 characters", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SessionId_AtItsLongest_IsTakenAndOneMoreIsNot()
    {
        SessionIds.Validate(new string('x', Bounds.IdLength));
        Assert.Contains(
            "129 characters",
            Assert.Throws<ArgumentException>(() => SessionIds.Validate(new string('x', Bounds.IdLength + 1))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "parent",
            Assert.Throws<ArgumentException>(() => SessionIds.OfChild(new string('x', 100), new string('y', 100))).Message,
            StringComparison.Ordinal
        );
    }

    private static BudgetSessionOptions Options => new() { Budget = Usd("1") };

    private static Action Charge(Call call) => new ChargeCommand { Cost = Usd("1"), Call = call }.Validate;

    public static TheoryData<TokenUsage, string> BadCounts =>
        new()
        {
            {
                new TokenUsage(10, 10) { InputImage = -1 },
                "negative"
            },
            {
                new TokenUsage(10, 10) { OutputImage = long.MinValue },
                "negative"
            },
            {
                new TokenUsage(10, 10) { OutputImage = TokenUsage.MaxCount + 1 },
                "above"
            },
            {
                new TokenUsage(10, 10) { WebSearches = long.MaxValue },
                "above"
            },
            {
                new TokenUsage(10, 10) { InputImage = 11 },
                "input_image exceeds the count input"
            },
            {
                new TokenUsage(10, 10) { OutputImage = 11 },
                "output_image exceeds the count output"
            },
            {
                new TokenUsage(10, 10) { InputImage = 6, InputAudio = 5 },
                "counts input_audio and input_image together exceed the count input "
            },
            {
                new TokenUsage(10, 10) { OutputImage = 6, OutputAudio = 5 },
                "counts output_audio and output_image together exceed the count output "
            },
            {
                new TokenUsage(10, 10) { CacheRead = 6, CacheWrite = 5 },
                "counts cache_read and cache_write together exceed the count input "
            },
            {
                new TokenUsage(20, 10)
                {
                    InputAudio = 10,
                    InputImage = 10,
                    CacheRead = 10,
                    CacheReadAudio = 6,
                    CacheReadImage = 5,
                },
                "counts cache_read_audio and cache_read_image together exceed the count cache_read "
            },
        };

    [Theory]
    [MemberData(nameof(BadCounts), DisableDiscoveryEnumeration = true)]
    public void Usage_ThatCannotBe_IsNamed(TokenUsage usage, string part) =>
        Assert.Contains(part, usage.FindProblem(), StringComparison.Ordinal);

    // Together as bits they are above the largest count, and none of them is.
    [Fact]
    public void Usage_OfLargeCounts_IsFine()
    {
        var usage = new TokenUsage(TokenUsage.MaxCount, TokenUsage.MaxCount)
        {
            InputAudio = 5,
            InputImage = TokenUsage.MaxCount - 5,
            OutputImage = 1,
            WebSearches = 1,
        };
        Assert.True((usage.Input | usage.InputImage) > TokenUsage.MaxCount);
        Assert.Null(usage.FindProblem());
    }

    // Providers report it: 20 of 48,227 recorded calls do.
    [Fact]
    public void Usage_ReasoningAboveOutput_IsTolerated() => Assert.Null((new TokenUsage(10, 5) { Reasoning = 9 }).FindProblem());
}
