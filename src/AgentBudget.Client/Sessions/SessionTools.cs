using AgentBudget.Ledger;

namespace AgentBudget.Client;

/// <summary>More ways to run tools under a session.</summary>
public static class SessionTools
{
    /// <summary>Makes a budgeted tool of a function: each call runs under the session, with its arguments in loop detection.</summary>
    /// <param name="session">The session that pays.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="dollars">The price of each call.</param>
    /// <param name="function">The function.</param>
    public static Func<TArguments, CancellationToken, Task<TResult>> WrapTool<TArguments, TResult>(
        this BudgetSession session, string tool, string dollars, Func<TArguments, CancellationToken, Task<TResult>> function) =>
        (arguments, cancellationToken) => session.RunToolAsync(
            tool, dollars, token => function(arguments, token), System.Text.Json.JsonSerializer.Serialize(arguments), cancellationToken);

    /// <summary>
    /// Runs a tool at the price that the registry of tool costs, <see cref="AgentBudgetClientOptions.Tools"/>, has for it: sets the most aside that the call can cost, runs, settles with what it did
    /// cost. Tools of a fixed price, free ones, and those whose price depends on what they did are run alike.
    /// </summary>
    /// <param name="session">The session that pays.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="call">The tool. Not run when refused.</param>
    /// <param name="argumentsJson">Its arguments, for its price and for loop detection.</param>
    /// <param name="cancellationToken">Cancels the tool.</param>
    /// <exception cref="UnpricedToolException">The registry does not know the tool; it was not run.</exception>
    /// <exception cref="BudgetExhaustedException">The budget does not pay for it; it was not run.</exception>
    /// <exception cref="LoopDetectedException">The agent repeats itself; the tool was not run.</exception>
    public static Task<T> RunToolAsync<T>(
        this BudgetSession session, string tool, Func<CancellationToken, Task<T>> call, string? argumentsJson = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var price = session.Tools.Find(tool) ?? throw new UnpricedToolException(tool);
        var estimate = CallEstimate.Of(Call.Tool(tool, argumentsJson), price.Before(argumentsJson));
        return session.WrapAsync(estimate, call, result => price.After(argumentsJson, result), isFinal: false, cancellationToken);
    }
}
