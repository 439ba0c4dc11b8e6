using Microsoft.Extensions.Logging;

namespace AgentBudget.Abstractions.Logging;

/// <summary>
/// A logger of the program's that may fail without harm: what it throws is nobody's business who only wanted to say something, least of all
/// that of a call whose money is being settled.
/// </summary>
internal sealed class QuietLogger(ILogger inner) : ILogger
{
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
