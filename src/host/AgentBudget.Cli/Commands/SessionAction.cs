using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary>Acts on a session, with a reason for its timeline, and answers with what to say for people.</summary>
internal delegate Task<string> Act(BudgetSession session, string? reason, CancellationToken cancellationToken);

/// <summary>What every command that acts on one session does: open the ledger, find the session, act, say how it stands.</summary>
internal static class SessionAction
{
    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="common">The options of all commands on sessions.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="act">Acts.</param>
    public static Command Create(string name, string description, SessionsOptions common, CliTerminal terminal, Act act) =>
        Create(name, description, common, terminal, [], _ => act);

    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="common">The options of all commands on sessions.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="arguments">What is named behind the session's id.</param>
    /// <param name="read">Reads these before the ledger is opened, and gives what acts.</param>
    public static Command Create(
        string name,
        string description,
        SessionsOptions common,
        CliTerminal terminal,
        Argument[] arguments,
        Func<ParseResult, Act> read
    )
    {
        var command = new Command(name, description);
        var id = SessionsOptions.Id();
        var reason = SessionsOptions.Reason();
        foreach (var argument in arguments.Prepend(id))
            command.Add(argument);
        command.Add(reason);
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var act = read(parsed);
                var why = Inputs.Reason(reason.Name, parsed.GetValue(reason));
                return RunAsync(
                    parsed,
                    common,
                    parsed.GetRequiredValue(id),
                    terminal,
                    session => act(session, why, cancellationToken),
                    cancellationToken
                );
            }
        );
        return command;
    }

    /// <summary>How the session stands, to end a sentence with.</summary>
    public static string Standing(SessionAnswer answer) =>
        $"{answer.Standing.Spent} of {answer.Standing.Budget} spent, {answer.Standing.Available} available.";

    private static async Task RunAsync(
        ParseResult parsed,
        SessionsOptions common,
        string id,
        CliTerminal terminal,
        Func<BudgetSession, Task<string>> act,
        CancellationToken cancellationToken
    )
    {
        var address = common.Ledger.Read(parsed);
        await using var ledger = await address.OpenAsync(terminal.Time, view => view.FindAsync(id, cancellationToken), cancellationToken);
        await using var session = ledger.Client.Get(id);
        var said = await ledger.ActAsync(() => act(session), $"sessions show {id}");
        if (!parsed.GetValue(common.Json))
            terminal.Screen.WriteText(said);
        else
            terminal.Out.WriteLine(SessionJson.Write(await ledger.FindAsync(id, cancellationToken)));
    }
}
