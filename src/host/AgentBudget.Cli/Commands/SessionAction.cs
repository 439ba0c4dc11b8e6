using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary>Acts on a session, with a reason for its timeline.</summary>
internal delegate Task<Acted> Act(BudgetSession session, string? reason, CancellationToken cancellationToken);

/// <summary>What every command that acts on one session does: open the ledger, find the session, act, say how it stands.</summary>
internal static class SessionAction
{
    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="common">The options of all commands on sessions.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="act">Acts.</param>
    public static Command Create(string name, string description, SessionsOptions common, CliTerminal terminal, Act act) =>
        Create(name, description, common, terminal, [], _ => (act, null));

    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="common">The options of all commands on sessions.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="symbols">Arguments and options of its own.</param>
    /// <param name="read">Reads these before the ledger is opened, and gives what acts, and the key under which it is done once; null for
    /// what is so however often it is sent.</param>
    public static Command Create(
        string name,
        string description,
        SessionsOptions common,
        CliTerminal terminal,
        Symbol[] symbols,
        Func<ParseResult, (Act Act, string? Key)> read
    )
    {
        var command = new Command(name, description);
        var id = SessionsOptions.Id();
        var reason = SessionsOptions.Reason();
        foreach (var argument in symbols.OfType<Argument>().Prepend(id))
            command.Add(argument);
        foreach (var option in symbols.OfType<Option>().Append(reason))
            command.Add(option);
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var (act, key) = read(parsed);
                var why = Inputs.Reason(reason.Name, parsed.GetValue(reason));
                return RunAsync(
                    parsed,
                    common,
                    parsed.GetRequiredValue(id),
                    terminal,
                    session => act(session, why, cancellationToken),
                    key,
                    cancellationToken
                );
            }
        );
        return command;
    }

    /// <summary>How the session stands, to end a sentence with.</summary>
    public static string Standing(SessionAnswer answer) =>
        $"{answer.Standing.Spent} of {answer.Standing.Budget} spent, {answer.Standing.Available} available.";

    /// <summary>Says what was done, and where the session stands as far as that can be seen.</summary>
    internal static async Task WriteAsync(
        string id,
        Acted acted,
        Func<Task<SessionSummary>> look,
        LedgerAddress address,
        bool isJson,
        CliTerminal terminal
    )
    {
        if (!isJson)
        {
            terminal.Screen.WriteText(acted.Said);
            return;
        }

        var summary = await Acted.LookAsync(look, $"sessions show {id} {address.Option}", terminal);
        terminal.Out.WriteLine(summary is null ? SessionJson.Write(id, acted.Answer.Standing) : SessionJson.Write(summary));
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        SessionsOptions common,
        string id,
        CliTerminal terminal,
        Func<BudgetSession, Task<Acted>> act,
        string? key,
        CancellationToken cancellationToken
    )
    {
        var address = common.Ledger.Read(parsed);
        await using var ledger = await address.OpenAsync(terminal.Time, view => view.FindAsync(id, cancellationToken), cancellationToken);
        await using var session = ledger.Client.Get(id);
        var acted = await ledger.ActAsync(() => act(session), $"sessions show {id}", key);
        await WriteAsync(id, acted, () => ledger.FindAsync(id, cancellationToken), address, parsed.GetValue(common.Json), terminal);
        return acted.ExitCode;
    }
}
