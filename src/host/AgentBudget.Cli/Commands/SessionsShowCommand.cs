using System.CommandLine;
using AgentBudget.Cli.Input;
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
                var address = StoreAddress.Required(parsed, common.Store);
                using var ledger = await LedgerReader.OpenAsync(address, cancellationToken);
                var session = await ledger.FindAsync(parsed.GetRequiredValue(id), cancellationToken);
                var now = terminal.Time.GetUtcNow();
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(SessionJson.Write(session.Head, now));
                else
                    SessionTable.WriteFacts(terminal.Screen, session.Head, session.OpenReservations.Count, now);
            }
        );
        return command;
    }
}
