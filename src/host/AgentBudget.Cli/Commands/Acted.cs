namespace AgentBudget.Cli.Commands;

/// <summary>What came of a command that acts: the ledger has answered it, whatever comes of a look at it afterwards.</summary>
/// <param name="Answer">The ledger's answer.</param>
/// <param name="Said">What to say of it to people.</param>
internal sealed record Acted(SessionAnswer Answer, string Said)
{
    /// <summary>What to tell the caller of the tool.</summary>
    public int ExitCode { get; init; } = ExitCodes.Ok;

    /// <summary>A pause or a stop, which is done when all have written it.</summary>
    public static Acted Paused(SessionAnswer answer, string said) =>
        new(answer, said) { ExitCode = answer.ChildrenNotReached > 0 ? ExitCodes.NotAllReached : ExitCodes.Ok };

    /// <summary>How far a hold has come, to end a sentence with.</summary>
    public static string Reached(SessionAnswer answer) =>
        answer.ChildrenNotReached == 0
            ? $"; all that have money of it have written it ({answer.ChildrenTold})."
            : $"; {answer.ChildrenTold} that have money of it have written it, {answer.ChildrenNotReached} were not reached "
                + "and hear of it later.";

    /// <summary>Looks at what was acted on; null where it cannot be seen any more, which undoes nothing and is said so.</summary>
    /// <param name="look">Looks.</param>
    /// <param name="command">The command that shows it later, behind the tool's name.</param>
    /// <param name="terminal">Where to say it.</param>
    public static async Task<T?> LookAsync<T>(Func<Task<T>> look, string command, CliTerminal terminal)
        where T : class
    {
        try
        {
            return await look();
        }
        catch (Exception exception) when (exception is CommandFailedException or AgentBudgetException)
        {
            terminal.Warn($"It is done. Where it stands now could not be read; \"agentbudget {command}\" shows it.");
            return null;
        }
    }
}
