using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentBudget.Mcp;

/// <summary>The tools. What they cannot answer they say as an error that the model may read.</summary>
internal sealed class BudgetTools(Func<RequestContext<CallToolRequestParams>, BudgetSession?> findSession)
{
    /// <summary>The most charges that are listed at once.</summary>
    public const int MostCharges = 50;

    // Most entries set money aside, or give it back: charges may lie far apart.
    private const int MostPages = 10;

    public static IEnumerable<McpServerTool> All(Func<RequestContext<CallToolRequestParams>, BudgetSession?> findSession)
    {
        var tools = new BudgetTools(findSession);
        return
        [
            Create(tools.GetStatusAsync, "get_budget_status", "Tells what is left of this session's budget, in US dollars."),
            Create(
                tools.EstimateAsync,
                "estimate_cost",
                "Tells what a call of a model can cost at most, in US dollars, and whether it fits into what is left."
            ),
            Create(tools.ListAsync, "list_recent_charges", "Lists what was charged to this session last, newest first, in US dollars."),
        ];
    }

    public Task<BudgetStatus> GetStatusAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken) =>
        ToldAsync(async () =>
        {
            var report = await SessionOf(request).ReportAsync(cancellationToken: cancellationToken);
            return BudgetStatus.Of(report);
        });

    public Task<CostEstimate> EstimateAsync(
        RequestContext<CallToolRequestParams> request,
        [Description("The model's name, such as gpt-5.")] string model,
        [Description("Tokens of the prompt.")] long inputTokens,
        [Description("Tokens of the answer at most; the model's own most where it is left out.")] long? maxOutputTokens = null,
        CancellationToken cancellationToken = default
    ) =>
        ToldAsync(async () =>
        {
            var session = SessionOf(request);
            var cost = await session.EstimateAsync(CallEstimate.Model(model, inputTokens, maxOutputTokens), cancellationToken);
            var report = await session.ReportAsync(cancellationToken: cancellationToken);
            return new CostEstimate(model, cost.ToDecimalString(), IsGranted(report, cost));
        });

    public Task<RecentCharges> ListAsync(
        RequestContext<CallToolRequestParams> request,
        [Description("How many, from 1 to 50.")] int count = 10,
        CancellationToken cancellationToken = default
    ) =>
        ToldAsync(async () =>
        {
            var session = SessionOf(request);
            var wanted = Math.Clamp(count, 1, MostCharges);
            var from = (await session.ReportAsync(cancellationToken: cancellationToken)).Standing.Sequence + 1;
            var charges = new List<RecentCharge>();
            for (var page = 0; page < MostPages && from > 1 && charges.Count < wanted; page++)
            {
                var to = from;
                from = Math.Max(1, to - SessionReport.MaxEvents);
                // What has come since is on no page.
                var report = await session.ReportAsync((int)(to - from), from, cancellationToken);
                var costs = report.Events.Where(entry => entry is { IsCost: true, Call: not null });
                charges.AddRange(costs.Reverse().Select(RecentCharge.Of));
            }

            return new RecentCharges([.. charges.Take(wanted)]);
        });

    // What a reservation would be answered now. Nothing at all has room everywhere, and a breaker refuses it all the same.
    private static bool IsGranted(SessionReport report, Money cost)
    {
        var isTaken = report.Mode == SessionMode.Observe || report.Standing.Breaker.State == BreakerState.Closed;
        return report.EndedAt is null && isTaken && (report.Room is not { } room || cost <= room);
    }

    private static McpServerTool Create(Delegate tool, string name, string description) =>
        McpServerTool.Create(
            tool,
            new McpServerToolCreateOptions
            {
                Name = name,
                Description = description,
                ReadOnly = true,
                Idempotent = true,
                Destructive = false,
                OpenWorld = false,
                UseStructuredContent = true,
            }
        );

    private BudgetSession SessionOf(RequestContext<CallToolRequestParams> request) =>
        findSession(request)
        ?? throw new McpException("No budget session belongs to this connection or request, so that there is nothing to tell.");

    // Only what is thrown as an error of the protocol is told to its caller in words.
    private static async Task<T> ToldAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is AgentBudgetException or ArgumentException)
        {
            throw new McpException(exception.Message, exception);
        }
    }
}
