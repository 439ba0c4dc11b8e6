using System.Text.Json;

namespace AgentBudget.Replay.Tests;

/// <summary>
/// Small runs made from public reports, each labelled stuck or healthy, under the shipped rules: through the examiner, and through the
/// client, which has to come to the same verdict at the same call.
/// </summary>
public sealed class FieldCaseTests(FieldCaseTests.Budget fixture) : IClassFixture<FieldCaseTests.Budget>
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "field-cases");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Cases
    {
        get
        {
            using var labels = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "labels.json")));
            var cases = new TheoryData<string, string>();
            foreach (var label in labels.RootElement.EnumerateObject())
                cases.Add(label.Name, label.Value.GetProperty("expect").GetString()!);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_IsJudgedAsLabelled_ByExaminerAndClientAlike(string file, string expected)
    {
        var path = Path.Combine(Folder, file);
        var examined = await LoopExaminer.ExamineAsync(path, cancellationToken: Token);
        Assert.True(
            expected switch
            {
                "trip" => examined.Verdict == LoopVerdict.Tripped,
                "warn or trip" => examined.Verdict != LoopVerdict.None,
                _ => examined.Verdict != LoopVerdict.Tripped,
            },
            $"{examined.Verdict} at {examined.AtEvent}: {examined.Evidence?.Finding}"
        );

        var (warnedAt, trippedAt, rule) = await fixture.PlayAsync(path, Token);
        var tripped = examined.Verdict == LoopVerdict.Tripped ? examined.AtEvent : null;
        Assert.Equal((examined.WarnedAtEvent, tripped, examined.Evidence?.Rule), (warnedAt, trippedAt, rule));
    }

    [Fact]
    public async Task HalfOfTheBudgetInAMinute_IsWarnedAbout_ByExaminerAndClientAlike()
    {
        string[] lines = [.. Enumerable.Range(0, 20).Select(i => Tool(i * 3000, $"page {i}", $"text of page {i}", "3.00"))];
        var warned = await JudgeAsync(lines, "60");
        Assert.Equal((LoopVerdict.Warned, LoopKind.Spend, 12, null), warned);
        Assert.Equal((LoopVerdict.None, null, null, null), await JudgeAsync(lines, "1000"));
        Assert.Equal((LoopVerdict.None, null, null, null), await JudgeAsync(lines, null));
        Assert.Equal((LoopVerdict.None, null, null, 9), await JudgeAsync(lines, "24"));
    }

    [Fact]
    public async Task AQuarterOfTheBudgetForAWait_Trips_ByExaminerAndClientAlike()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(i => Tool(i * 60_000, "job 7", "running", "1.00"))];
        // Warned about at the fourth, which is the first of 25.
        Assert.Equal((LoopVerdict.Tripped, LoopKind.Row, 29, null), await JudgeAsync(lines, "100"));
        Assert.Equal((LoopVerdict.Warned, LoopKind.Row, 4, null), await JudgeAsync(lines, null));
    }

    private static string Tool(int t, string argument, string text, string dollars) =>
        TraceText.Tool(t, $$"""{"about":"{{argument}}"}""", $",\"result_sha\":\"{text}\",\"ok\":true,\"recorded_cost_usd\":{dollars}");

    // Without a budget the client has one of which the run spends next to nothing.
    private async Task<(LoopVerdict Verdict, LoopKind? Rule, int? At, int? ExhaustedAt)> JudgeAsync(string[] lines, string? budget)
    {
        using var folder = new TempFolder();
        var file = folder.File("run.jsonl", lines.Prepend(TraceText.Header));
        var dollars = budget is null ? (Money?)null : Money.Parse(budget);
        var examined = await LoopExaminer.ExamineAsync(file, budget: dollars, cancellationToken: Token);
        var played = await fixture.PlayAsync(file, Token, dollars ?? Money.Parse("1000000"));
        var tripped = examined.Verdict == LoopVerdict.Tripped ? examined.AtEvent : null;
        Assert.Equal((examined.WarnedAtEvent, tripped, examined.Evidence?.Rule), (played.WarnedAt, played.TrippedAt, played.Rule));
        return (examined.Verdict, examined.Evidence?.Rule, examined.AtEvent, examined.ExhaustedAtEvent);
    }

    /// <summary>An embedded budget whose clock stands where a run has come to.</summary>
    public sealed class Budget : IAsyncLifetime
    {
        private readonly Clock clock = new();
        private EmbeddedAgentBudget budget = null!;

        public async ValueTask InitializeAsync() =>
            budget = await EmbeddedAgentBudget.StartAsync(options =>
            {
                options.Path = null;
                options.Time = clock;
                options.ConfigureLedger = ledger => ledger.SweepEnabled = false;
            });

        /// <summary>Plays a run as an agent's program would make its calls, until it is stopped.</summary>
        public async Task<(int? WarnedAt, int? TrippedAt, LoopKind? Rule)> PlayAsync(
            string path,
            CancellationToken cancellationToken,
            Money? dollars = null
        )
        {
            var start = clock.GetUtcNow().AddDays(1);
            clock.Set(start);
            (int? WarnedAt, int? TrippedAt, LoopKind? Rule) seen = default;
            var number = 0;
            var callbacks = new SessionCallbacks
            {
                OnLoopWarning = loop => seen = seen.WarnedAt is null ? (number, null, loop.Rule) : seen,
            };
            var options = new BudgetSessionOptions { Budget = dollars ?? Money.Parse("1000"), IdleTimeout = TimeSpan.FromDays(1) };
            var session = await budget.OpenAsync(options, callbacks: callbacks, cancellationToken: cancellationToken);
            foreach (var line in (await File.ReadAllLinesAsync(path, cancellationToken)).Skip(1))
            {
                number++;
                using var read = JsonDocument.Parse(line);
                clock.Set(start + TimeSpan.FromMilliseconds(read.RootElement.GetProperty("t").GetInt64()));
                try
                {
                    await MakeAsync(session, read.RootElement, cancellationToken);
                }
                catch (LoopDetectedException loop)
                {
                    return seen with { TrippedAt = number, Rule = loop.Evidence!.Rule };
                }
                catch (MoneyRefusedException)
                {
                    return seen;
                }
            }

            return seen;
        }

        public ValueTask DisposeAsync() => budget.DisposeAsync();

        private static async Task MakeAsync(BudgetSession session, JsonElement made, CancellationToken cancellationToken)
        {
            var agent = made.TryGetProperty("agent", out var label) ? session.ForAgent(label.GetString()!) : session;
            switch (made.GetProperty("kind").GetString())
            {
                case "user":
                    session.UserSpoke();
                    break;
                case "llm":
                    var estimate = CallEstimate.Model(made.GetProperty("model").GetString()!, "0.01");
                    await agent.WrapAsync(
                        estimate,
                        _ => Task.FromResult(0),
                        _ => Money.Parse("0.001"),
                        cancellationToken: cancellationToken
                    );
                    break;
                default:
                    var text = made.GetProperty("result_sha").GetString()!;
                    var hasFailed = !made.GetProperty("ok").GetBoolean();
                    var arguments = made.TryGetProperty("args", out var args) ? args.GetString() : null;
                    var dollars = made.TryGetProperty("recorded_cost_usd", out var cost) ? cost.GetRawText() : "0";
                    await RunAsync(agent, made.GetProperty("tool").GetString()!, dollars, arguments, text, hasFailed, cancellationToken);
                    break;
            }
        }

        private static async Task RunAsync(
            BudgetSession session,
            string tool,
            string dollars,
            string? arguments,
            string text,
            bool hasFailed,
            CancellationToken cancellationToken
        )
        {
            try
            {
                await session.RunToolAsync(
                    tool,
                    dollars,
                    _ => hasFailed ? Task.FromException<string>(new InvalidOperationException(text)) : Task.FromResult(text),
                    arguments,
                    cancellationToken
                );
            }
            catch (InvalidOperationException failure) when (failure.Message == text)
            {
                // The agent goes on, as agents do.
            }
        }
    }

    private sealed class Clock : TimeProvider
    {
        private long utcTicks = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).UtcTicks;

        public void Set(DateTimeOffset now) => Interlocked.Exchange(ref utcTicks, now.UtcTicks);

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref utcTicks), TimeSpan.Zero);
    }
}
