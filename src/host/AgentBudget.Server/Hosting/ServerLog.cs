namespace AgentBudget.Server.Hosting;

/// <summary>What the server logs about itself. Ids 2000 to 2099.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(2000, LogLevel.Information, "The server is ready.")]
    public static partial void Ready(ILogger logger);

    [LoggerMessage(2001, LogLevel.Information, "The server drains: it takes no new work; {Sessions} sessions wait for the writer.")]
    public static partial void Draining(ILogger logger, int sessions);

    [LoggerMessage(2002, LogLevel.Information, "The server has drained in {Milliseconds} ms; all that it decided is durable.")]
    public static partial void Drained(ILogger logger, long milliseconds);

    [LoggerMessage(
        2003,
        LogLevel.Error,
        "The server stops after {Milliseconds} ms while {Sessions} sessions still wait for the writer; their callers were not answered and will send again."
    )]
    public static partial void NotDrained(ILogger logger, long milliseconds, int sessions);
}
