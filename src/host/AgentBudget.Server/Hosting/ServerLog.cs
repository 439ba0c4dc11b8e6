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
        "The server stops after {Milliseconds} ms while {Sessions} sessions still wait for the writer; their callers were not answered "
            + "and will send again."
    )]
    public static partial void NotDrained(ILogger logger, long milliseconds, int sessions);

    [LoggerMessage(2004, LogLevel.Information, "Prices were brought up to date: {Changes} changes in {Files} files; version {Version}.")]
    public static partial void PricesUpdated(ILogger logger, int changes, int files, string version);

    [LoggerMessage(2005, LogLevel.Error, "Prices were not brought up to date and stay as they are: {Problem}")]
    public static partial void PricesNotUpdated(ILogger logger, string problem);
}
