using Microsoft.Extensions.Logging;

namespace AgentBudget.Cli.Commands.Billing;

/// <summary>What an export says that goes on and on, in a line each of standard error: without an end, no answer says it.</summary>
internal sealed class FollowLog(CliTerminal terminal) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var said = formatter(state, exception) + (exception is null ? "" : $" {exception.Message}");
        if (logLevel >= LogLevel.Error)
            terminal.Error(said);
        else
            terminal.Warn(said);
    }
}
