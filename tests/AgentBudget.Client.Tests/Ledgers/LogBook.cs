using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Tests.Ledgers;

/// <summary>Keeps what a client logs.</summary>
public sealed class LogBook : ILogger<AgentBudgetClient>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message, Exception? Exception)> lines = new();

    public (LogLevel Level, string Message, Exception? Exception)[] Lines => [.. lines];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => lines.Enqueue((logLevel, formatter(state, exception), exception));
}
