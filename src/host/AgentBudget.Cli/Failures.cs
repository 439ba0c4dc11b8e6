using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Cli;

/// <summary>The command line is wrong. The message names the thing and the mend.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command cannot do what it was asked. The message names the thing and the mend.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);

/// <summary>From an exception to the line that a person reads.</summary>
internal static class Failures
{
    /// <summary>The line for a failure that a command expects; null for one that it does not.</summary>
    public static string? Describe(Exception exception) =>
        exception switch
        {
            UsageException or CommandFailedException or TraceException or AgentBudgetException or LedgerStoreUnavailableException =>
                exception.Message,
            PriceUpdateException => exception.Message,
            // What a person gives is checked where it is read: an ArgumentException is a mistake in the program.
            IOException or UnauthorizedAccessException => exception.Message,
            OperationCanceledException => "Cancelled.",
            _ => null,
        };

    /// <summary>Says what failed and gives the exit code.</summary>
    public static int Report(Exception exception, CliTerminal terminal)
    {
        terminal.Error(Describe(exception) ?? $"This should not have happened ({exception.GetType().Name}): {exception.Message}");
        return exception is UsageException ? ExitCodes.WrongUsage : ExitCodes.Failed;
    }
}
