using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary>What every command that acts on one session does: open the ledger, find the session, act, say how it stands.</summary>
internal static class SessionAction
{
    /// <param name="parsed">The command line.</param>
    /// <param name="common">The options of all commands on sessions.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="act">Acts, and answers with what to say for people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(
        ParseResult parsed,
        SessionsOptions common,
        Argument<string> id,
        CliTerminal terminal,
        Func<BudgetSession, Task<string>> act,
        CancellationToken cancellationToken
    )
    {
        var address = StoreAddress.Required(parsed, common.Store);
        var sessionId = parsed.GetRequiredValue(id);
        await using var ledger = await LedgerOperator.OpenAsync(address, sessionId, terminal.Time, cancellationToken);
        await using var session = ledger.Get(sessionId);
        var said = await act(session);
        if (!parsed.GetValue(common.Json))
            terminal.Screen.WriteText(said);
        else
            terminal.Out.WriteLine(SessionJson.Write(await ledger.HeadAsync(sessionId, cancellationToken), terminal.Time.GetUtcNow()));
    }

    /// <summary>How the session stands, to end a sentence with.</summary>
    public static string Standing(SessionAnswer answer) =>
        $"{answer.Standing.Spent} of {answer.Standing.Budget} spent, {answer.Standing.Available} available.";
}
