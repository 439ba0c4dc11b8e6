using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget.Client;

/// <summary>
/// Tools under a budget. What a tool returned, or failed with, is reported as a fingerprint, so that the sense of loops can tell work
/// from repetition; the text itself stays here.
/// </summary>
public static class BudgetSessionTools
{
    /// <summary>Runs a tool of a known price: sets it aside, runs, settles.</summary>
    /// <param name="session">The session.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="dollars">Its price, such as <c>"0.01"</c>; <c>"0"</c> for a free one, which takes part in loop detection all the same.</param>
    /// <param name="call">The tool. Not run when refused.</param>
    /// <param name="argumentsJson">Its arguments, for loop detection.</param>
    /// <param name="cancellationToken">Cancels the tool.</param>
    public static Task<T> RunToolAsync<T>(
        this BudgetSession session,
        string tool,
        string dollars,
        Func<CancellationToken, Task<T>> call,
        string? argumentsJson = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var estimate = CallEstimate.Tool(tool, dollars, argumentsJson);
        return session.WrapAsync(estimate, call, _ => estimate.Cost!.Value, isFinal: false, cancellationToken);
    }

    /// <summary>Makes a budgeted tool of a function: each call runs under this session, with its arguments in loop detection.</summary>
    /// <param name="session">The session.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="dollars">The price of each call.</param>
    /// <param name="function">The function.</param>
    public static Func<TArguments, CancellationToken, Task<TResult>> WrapTool<TArguments, TResult>(
        this BudgetSession session, string tool, string dollars, Func<TArguments, CancellationToken, Task<TResult>> function) =>
        (arguments, cancellationToken) => session.RunToolAsync(
            tool, dollars, token => function(arguments, token), JsonSerializer.Serialize(arguments), cancellationToken);

    /// <summary>Records the price of a tool call that was made already, and gives its result back.</summary>
    /// <exception cref="BudgetExhaustedException">It is recorded, and the session is over its budget now.</exception>
    public static async Task<T> TrackAsync<T>(
        this BudgetSession session, T result, string tool, string dollars, string? argumentsJson = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var call = Call.Tool(tool, argumentsJson) with { Result = ToolResult.FingerprintOf(result) };
        await session.ChargeAsync(call, Money.Parse(dollars), cancellationToken);
        return result;
    }
}
