using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget sessions list</c>, which is also <c>agentbudget sessions</c>.</summary>
internal static class SessionsListCommand
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    public static Command Configure(Command command, SessionsOptions common, CliTerminal terminal)
    {
        var after = new Option<string>("--after") { HelpName = "ID", Description = "Sessions after this id: the next page." };
        var limit = new Option<string>("--limit")
        {
            HelpName = "N",
            Description = $"How many at most, from 1 to {MaxLimit}. Default {DefaultLimit}.",
        };
        var tenant = new Option<string>("--tenant") { HelpName = "PATH", Description = "Only sessions of this tenant or below it." };
        command.Add(after);
        command.Add(limit);
        command.Add(tenant);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = StoreAddress.Required(parsed, common.Store);
                var count = Inputs.Count("--limit", parsed.GetValue(limit), DefaultLimit, 1, MaxLimit);
                using var ledger = await LedgerReader.OpenAsync(address, cancellationToken);
                var listing = new SessionListing(parsed.GetValue(after), Inputs.Tenant("--tenant", parsed.GetValue(tenant)), count);
                var heads = (await ledger.Store.ListAsync(listing, cancellationToken)).Where(head => head.IsOpened).ToArray();
                var now = terminal.Time.GetUtcNow();
                if (parsed.GetValue(common.Json))
                {
                    foreach (var head in heads)
                        terminal.Out.WriteLine(SessionJson.Write(head, now));
                    return ExitCodes.Ok;
                }

                if (heads.Length == 0)
                    terminal.Screen.WriteText("No sessions.");
                else
                    SessionTable.WriteRows(terminal.Screen, heads, now);
                if (heads.Length == 0)
                    return ExitCodes.Ok;
                var next = listing with { AfterSessionId = heads[^1].SessionId, Count = 1 };
                if ((await ledger.Store.ListAsync(next, cancellationToken)).Count > 0)
                    terminal.Screen.WriteText($"There are more: --after {next.AfterSessionId}");
                return ExitCodes.Ok;
            }
        );
        return command;
    }
}
