using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>Keeps what a store logs.</summary>
internal sealed class CollectingLogger : ILogger<SqliteLedgerStore>
{
    private readonly ConcurrentQueue<(int Id, string Text)> lines = [];

    /// <summary>The lines of one event.</summary>
    public IEnumerable<string> Of(int id) => lines.Where(line => line.Id == id).Select(line => line.Text);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => lines.Enqueue((eventId.Id, formatter(state, exception)));
}
