using AgentBudget;

await using var budget = await EmbeddedAgentBudget.StartAsync();
var ticket = $"ticket-{Guid.CreateVersion7()}";
await using var session = await budget.OpenAsync( // disposing it closes it; budget.Client.Get(ticket) takes it up elsewhere
    new BudgetSessionOptions
    {
        Budget = Money.Parse("5.00"),
        SoftLimits = [0.5m, 0.9m], // an event at each, once
        FinalizationReserve = 0.1m, // the last 10 % only for calls marked final
        Loops = LoopPolicy.Default with { ModelOnly = LoopPolicy.Default.ModelOnly with { Calls = 20 } },
        TimeToLive = TimeSpan.FromHours(1),
    },
    sessionId: ticket,
    new SessionCallbacks
    {
        OnSoftLimit = report => Console.WriteLine(report),
        OnLoopWarning = loop => Console.WriteLine(loop.Advice), // stuck? a line for the model, before the breaker opens
    }
); // a callback that throws is logged, and neither result nor refusal is lost

// A tool with a price; its arguments and results take part in loop detection: the same call is warned about, then stopped, once it
// brings nothing new.
var search = session.WrapTool<string, string>("web_search", "$0.01", SearchAsync);

// Sub-agents: two carved children can never spend more than their parent has.
await using var researcher = await session.OpenChildAsync("researcher", "1.00");

// Agent loops stop by themselves when the breaker opens, wherever that came from; session.StopReason says why.
var pages = session.StoppedToken.IsCancellationRequested ? "" : await search("hard limits", CancellationToken.None);

Console.WriteLine($"{pages} | {await session.ReportAsync()}");

// Stands in for a tool of yours.
static Task<string> SearchAsync(string query, CancellationToken cancellationToken) => Task.FromResult($"three pages about {query}");
