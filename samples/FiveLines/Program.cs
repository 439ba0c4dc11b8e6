using AgentBudget;

await using var budget = await EmbeddedAgentBudget.StartAsync();
await using var session = await budget.OpenAsync("$2.00");
var reply = await session.WrapAsync(CallEstimate.Model("gpt-5", 2_000, 500), AskModelAsync, reply => reply.Usage);
var pages = await session.TrackAsync("three pages", "web_search", "$0.01");
Console.WriteLine(await session.ReportAsync());

// Stands in for your model client: it answers, and says what it used.
static Task<Reply> AskModelAsync(CancellationToken cancellationToken) => Task.FromResult(new Reply("Hello.", new TokenUsage(1_842, 310)));

internal sealed record Reply(string Text, TokenUsage Usage);
