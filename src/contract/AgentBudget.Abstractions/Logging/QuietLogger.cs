using Microsoft.Extensions.Logging;

namespace AgentBudget;

/// <summary>
/// A logger of the program's that may fail without harm: what it throws is nobody's business who only wanted to say something, least of all
/// that of a call whose money is being settled. Whatever of this project, or of a store, is handed a logger wraps it first.
/// </summary>
/// <param name="inner">The program's logger.</param>
public sealed class QuietLogger(ILogger inner) : ILogger
{
    /// <summary>What the program's logger says; no, when that throws.</summary>
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>The program's own scope; none, when that throws.</summary>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return inner.BeginScope(state);
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Has the program's logger log; what that throws is dropped, and the line lost.</summary>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }
}
