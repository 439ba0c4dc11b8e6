using System.CommandLine;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget sessions show ID</c>.</summary>
internal static class SessionsShowCommand
{
    public static Command Create(SessionsOptions common, CliTerminal terminal)
    {
        var command = new Command("show", "Shows one session.");
        var id = SessionsOptions.Id();
        command.Add(id);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = common.Ledger.Read(parsed);
                await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
                var session = await ledger.FindAsync(parsed.GetRequiredValue(id), cancellationToken);
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(SessionJson.Write(session));
                else
                    SessionTable.WriteFacts(terminal.Screen, session);
            }
        );
        return command;
    }
}
