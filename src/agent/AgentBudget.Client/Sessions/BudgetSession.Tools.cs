using System.Text.Json;
using AgentBudget.Client.Calls;
using Microsoft.Extensions.Logging;

namespace AgentBudget;

// Tools under a budget. What a tool returned, or failed with, is reported as a fingerprint, so that the sense of loops can tell work from
// repetition; the text itself stays here.
public sealed partial class BudgetSession
{
    /// <summary>Where the client logs.</summary>
    internal ILogger Logger => services.Logger;

    /// <summary>Runs a tool of a known price: sets it aside, runs, settles.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="dollars">Its price, such as <c>"0.01"</c>; <c>"0"</c> for a free one, which takes part in loop detection all the
    /// same.</param>
    /// <param name="call">The tool. Not run when refused.</param>
    /// <param name="argumentsJson">Its arguments, for loop detection; null: it takes none.</param>
    /// <param name="cancellationToken">Cancels the tool.</param>
    public Task<T> RunToolAsync<T>(
        string tool,
        string dollars,
        Func<CancellationToken, Task<T>> call,
        string? argumentsJson = null,
        CancellationToken cancellationToken = default
    ) => RunToolAsync(tool, Money.Parse(dollars), call, argumentsJson, cancellationToken);

    /// <summary>Runs a tool of a known price, such as <c>0.01m</c> dollars: sets it aside, runs, settles.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="cost">Its price; zero for a free one, which takes part in loop detection all the same.</param>
    /// <param name="call">The tool. Not run when refused.</param>
    /// <param name="argumentsJson">Its arguments, for loop detection; null: it takes none.</param>
    /// <param name="cancellationToken">Cancels the tool.</param>
    public Task<T> RunToolAsync<T>(
        string tool,
        Money cost,
        Func<CancellationToken, Task<T>> call,
        string? argumentsJson = null,
        CancellationToken cancellationToken = default
    )
    {
        var estimate = CallEstimate.Tool(tool, cost, argumentsJson);
        return WrapAsync(estimate, call, _ => estimate.Cost!.Value, isFinal: false, cancellationToken);
    }

    /// <summary>
    /// Runs a tool at the price that the registry of tool costs, <see cref="AgentBudgetClientOptions.Tools"/>, has for it: sets the most
    /// aside that the call can cost, runs, settles with what it did cost. Tools of a fixed price, free ones, and those whose price depends
    /// on what they did are run alike.
    /// </summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="call">The tool. Not run when refused.</param>
    /// <param name="argumentsJson">Its arguments, for its price and for loop detection; null: it takes none.</param>
    /// <param name="cancellationToken">Cancels the tool.</param>
    /// <exception cref="UnpricedToolException">The registry does not know the tool; it was not run.</exception>
    /// <exception cref="BudgetExhaustedException">The budget does not pay for it; it was not run.</exception>
    /// <exception cref="LoopDetectedException">The agent repeats itself; the tool was not run.</exception>
    public Task<T> RunToolAsync<T>(
        string tool,
        Func<CancellationToken, Task<T>> call,
        string? argumentsJson = null,
        CancellationToken cancellationToken = default
    )
    {
        var price = Tools.Find(tool) ?? throw new UnpricedToolException(tool);
        return RunToolAsync(tool, price, call, argumentsJson, cancellationToken);
    }

    /// <summary>The same at a price that is given: fixed, free, or one that depends on what the tool did.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="cost">What a call costs, before it and after it.</param>
    /// <param name="call">The tool. Not run when refused.</param>
    /// <param name="argumentsJson">Its arguments, for its price and for loop detection; null: it takes none.</param>
    /// <param name="cancellationToken">Cancels the tool.</param>
    public Task<T> RunToolAsync<T>(
        string tool,
        ToolCost cost,
        Func<CancellationToken, Task<T>> call,
        string? argumentsJson = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(cost);
        var estimate = CallEstimate.Tool(tool, cost.Before(argumentsJson), argumentsJson);
        return WrapAsync(estimate, call, result => cost.After(argumentsJson, result), isFinal: false, cancellationToken);
    }

    /// <summary>Makes a budgeted tool of a function: each call runs under this session, with its arguments in loop detection.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="dollars">The price of each call.</param>
    /// <param name="function">The function.</param>
    public Func<TArguments, CancellationToken, Task<TResult>> WrapTool<TArguments, TResult>(
        string tool,
        string dollars,
        Func<TArguments, CancellationToken, Task<TResult>> function
    ) => WrapTool(tool, Money.Parse(dollars), function);

    /// <summary>Makes a budgeted tool of a function: each call runs under this session, with its arguments in loop detection.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="cost">The price of each call, such as <c>0.01m</c> dollars.</param>
    /// <param name="function">The function.</param>
    public Func<TArguments, CancellationToken, Task<TResult>> WrapTool<TArguments, TResult>(
        string tool,
        Money cost,
        Func<TArguments, CancellationToken, Task<TResult>> function
    ) =>
        (arguments, cancellationToken) =>
            RunToolAsync(tool, cost, token => function(arguments, token), JsonSerializer.Serialize(arguments), cancellationToken);

    /// <summary>Records the price of a tool call that was made already, and gives its result back.</summary>
    /// <exception cref="BudgetExhaustedException">It is recorded, and the session is exhausted, by it or before it: every charge says
    /// so.</exception>
    /// <exception cref="LoopDetectedException">It is recorded, and the session was stopped for a loop.</exception>
    public Task<T> TrackAsync<T>(
        T result,
        string tool,
        string dollars,
        string? argumentsJson = null,
        CancellationToken cancellationToken = default
    ) => TrackAsync(result, tool, Money.Parse(dollars), argumentsJson, cancellationToken);

    /// <summary>Records the price of a tool call that was made already, such as <c>0.01m</c> dollars, and gives its result back.</summary>
    /// <exception cref="BudgetExhaustedException">It is recorded, and the session is exhausted, by it or before it: every charge says
    /// so.</exception>
    /// <exception cref="LoopDetectedException">It is recorded, and the session was stopped for a loop.</exception>
    public async Task<T> TrackAsync<T>(
        T result,
        string tool,
        Money cost,
        string? argumentsJson = null,
        CancellationToken cancellationToken = default
    )
    {
        var call = AgentBudget.Call.Tool(tool, argumentsJson ?? CallEstimate.NoArguments);
        await ChargeAsync(ToolResult.Report(call, result, argumentsJson), cost, cancellationToken);
        return result;
    }
}
