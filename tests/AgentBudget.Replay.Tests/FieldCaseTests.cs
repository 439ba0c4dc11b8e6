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
        public async Task<(int? WarnedAt, int? TrippedAt, LoopKind? Rule)> PlayAsync(string path, CancellationToken cancellationToken)
        {
            var start = clock.GetUtcNow().AddDays(1);
            clock.Set(start);
            (int? WarnedAt, int? TrippedAt, LoopKind? Rule) seen = default;
            var number = 0;
            var callbacks = new SessionCallbacks
            {
                OnLoopWarning = loop => seen = seen.WarnedAt is null ? (number, null, loop.Rule) : seen,
            };
            var options = new BudgetSessionOptions { Budget = Money.Parse("1000"), IdleTimeout = TimeSpan.FromDays(1) };
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
                    await RunAsync(agent, made.GetProperty("tool").GetString()!, arguments, text, hasFailed, cancellationToken);
                    break;
            }
        }

        private static async Task RunAsync(
            BudgetSession session,
            string tool,
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
                    "0",
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
