using AgentBudget;

namespace Readme;

/// <summary>Prices over those of the table, and models that the table does not know.</summary>
internal static class PricesOfYourOwn
{
    public static async Task<SessionReport> RunAsync()
    {
        await using var budget = await EmbeddedAgentBudget.StartAsync(options =>
        {
            options.Path = null; // a ledger in memory
            options.Prices = new LivePricesOptions // Path: a folder of price files, looked at while running
            {
                Models = [new ModelPrice("acme", "large", 1.25m, 10m)], // US dollars for a million tokens in, and out
                ToolPrices = { ["web_search"] = 0.01m },
            };
            options.ConfigureClient = client => client.UnknownModels = new UnknownModelRules { FreePatterns = ["local/*"] };
        });

        // Unknown models are refused unless the session has another policy: with this one, those of FreePatterns cost nothing.
        await using var session = await budget.OpenAsync(
            new BudgetSessionOptions { Budget = Money.Parse("1.00"), UnknownModels = UnknownModelPolicy.ZeroWithWarning }
        );

        // A tool at its price; estimates from the prompt itself, with up to 500 tokens out.
        var pages = await session.RunToolAsync("web_search", _ => Task.FromResult("three pages"));
        await session.WrapAsync(CallEstimate.Prompt("acme/large", PromptText.Of(pages), 500), AskModelAsync, reply => reply.Usage);
        await session.WrapAsync(CallEstimate.Prompt("local/phi", PromptText.Of(pages), 500), AskModelAsync, reply => reply.Usage);

        return await session.ReportAsync();
    }

    /// <summary>A price book that follows a folder. Run by nobody here: it needs one.</summary>
    public static PriceBook FollowAFolder()
    {
        using var prices = new LivePrices(
            new LivePricesOptions
            {
                Path = "/etc/agentbudget/prices", // price files, and tools.json; watched
                Names = [new ModelName("azure", "our-deployment", "gpt-4o")], // an Azure deployment costs what its model costs
                OnReload = reload => Console.Error.WriteLine(reload), // taken, or refused and why: the old prices stay
            }
        );
        return prices.Current;
    }

    private static Task<Reply> AskModelAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new Reply("Hello.", new TokenUsage(1_842, 310)));

    private sealed record Reply(string Text, TokenUsage Usage);
}
