using AgentBudget.Extensions.AI.Tools;
using Microsoft.Extensions.AI;

namespace AgentBudget;

/// <summary>
/// Has a session pay for tools: functions of a program's own, and those of MCP servers. Each call is checked before it is made, for money
/// and for loops. A call that is refused is not made: the model's turn ends with a <see cref="ToolRefusal"/> as its result, and outside of
/// a turn the session's exception is thrown.
/// </summary>
public static class AgentBudgetToolExtensions
{
    /// <summary>Tools at one price each call, such as <c>"0.01"</c> dollars; <c>"0"</c> for free ones, which take part in loop detection
    /// all the same.</summary>
    /// <param name="tools">The tools. What only the provider can run (hosted tools, declarations) comes out as it is.</param>
    /// <param name="session">The session; null for the one that is entered.</param>
    /// <param name="dollars">The price of each call.</param>
    /// <exception cref="FormatException">The text is not an amount.</exception>
    public static IList<AITool> WithBudget(this IEnumerable<AITool> tools, BudgetSession? session, string dollars) =>
        Wrap(tools, session, ToolCost.Fixed(dollars));

    /// <summary>Tools whose calls cost what an estimator says, before and after.</summary>
    /// <param name="tools">The tools.</param>
    /// <param name="session">The session; null for the one that is entered.</param>
    /// <param name="cost">What a call costs.</param>
    public static IList<AITool> WithBudget(this IEnumerable<AITool> tools, BudgetSession? session, ToolCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        return Wrap(tools, session, cost);
    }

    /// <summary>Tools at the prices that the registry of tool costs has for them (<see cref="AgentBudgetClientOptions.Tools"/>).</summary>
    /// <param name="tools">The tools.</param>
    /// <param name="session">The session.</param>
    /// <exception cref="UnpricedToolException">The registry does not know one of them.</exception>
    public static IList<AITool> WithBudget(this IEnumerable<AITool> tools, BudgetSession session)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(session);
        var all = tools.ToList();
        foreach (var tool in all)
        {
            if (tool is AIFunction && session.Tools.Find(tool.Name) is null)
                throw new UnpricedToolException(tool.Name);
        }

        return Wrap(all, session, cost: null);
    }

    /// <summary>One tool at a price each call, such as <c>"0.01"</c> dollars.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="session">The session; null for the one that is entered.</param>
    /// <param name="dollars">The price of each call.</param>
    /// <exception cref="FormatException">The text is not an amount.</exception>
    public static AIFunction WithBudget(this AIFunction tool, BudgetSession? session, string dollars)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return new BudgetedFunction(tool, () => session, ToolCost.Fixed(dollars));
    }

    private static List<AITool> Wrap(IEnumerable<AITool> tools, BudgetSession? session, ToolCost? cost)
    {
        ArgumentNullException.ThrowIfNull(tools);
        return [.. tools.Select(tool => tool is AIFunction function ? new BudgetedFunction(function, () => session, cost) : tool)];
    }
}
