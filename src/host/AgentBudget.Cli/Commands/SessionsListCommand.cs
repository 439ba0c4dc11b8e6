using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget sessions list</c>, which is also <c>agentbudget sessions</c>.</summary>
internal static class SessionsListCommand
{
    public static Command Configure(Command command, SessionsOptions common, CliTerminal terminal)
    {
        var page = new SessionPageOptions();
        var tenant = new Option<string>("--tenant") { HelpName = "PATH", Description = "Only sessions of this tenant or below it." };
        page.AddTo(command);
        command.Add(tenant);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = common.Ledger.Read(parsed);
                var query = page.Read(parsed) with { Tenant = Inputs.Tenant("--tenant", parsed.GetValue(tenant)) };
                await SessionPageOptions.WriteAsync(address, query, parsed.GetValue(common.Json), terminal, cancellationToken);
                return ExitCodes.Ok;
            }
        );
        return command;
    }
}

/// <summary>Which page of which sessions is to be listed.</summary>
internal sealed class SessionPageOptions
{
    private const int DefaultLimit = 100;

    private readonly Option<string> after = new("--after") { HelpName = "ID", Description = "Sessions after this id: the next page." };

    private readonly Option<string> limit = new("--limit")
    {
        HelpName = "N",
        Description = $"How many at most, from 1 to {SessionsQuery.MaxCount}. Default {DefaultLimit}.",
    };

    private readonly Option<string> state = new("--state")
    {
        HelpName = "STATE",
        Description = "Only those that are open, which all are that have not ended; exhausted or paused, of these; or ended. Default: all.",
    };

    public void AddTo(Command command)
    {
        command.Add(after);
        command.Add(limit);
        command.Add(state);
    }

    public SessionsQuery Read(ParseResult parsed)
    {
        var query = new SessionsQuery
        {
            After = parsed.GetValue(after),
            Count = Inputs.Count("--limit", parsed.GetValue(limit), DefaultLimit, 1, SessionsQuery.MaxCount),
        };
        query = Inputs.Word(
            "--state",
            parsed.GetValue(state),
            ("all", query),
            ("open", query with { HidesClosed = true }),
            ("exhausted", query with { Status = SessionStatus.Exhausted }),
            ("paused", query with { Status = SessionStatus.Paused }),
            ("ended", query with { Status = SessionStatus.Closed })
        );
        try
        {
            query.Validate();
            return query;
        }
        catch (ArgumentException refused)
        {
            throw new UsageException($"--after: {refused.Message}");
        }
    }

    /// <summary>Writes one page, and where the next one begins.</summary>
    public static async Task WriteAsync(
        LedgerAddress address,
        SessionsQuery query,
        bool isJson,
        CliTerminal terminal,
        CancellationToken cancellationToken
    )
    {
        await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
        var sessions = new List<SessionSummary>();
        SessionsPage page;
        do
        {
            // Where few of many are wanted, a page may hold fewer than were asked for.
            page = await ledger.ListAsync(query with { Count = query.Count - sessions.Count }, cancellationToken);
            sessions.AddRange(page.Sessions);
            query = query with { After = page.Next };
        } while (page.Next is not null && sessions.Count < query.Count);
        if (isJson)
        {
            foreach (var session in sessions)
                terminal.Out.WriteLine(SessionJson.Write(session));
            return;
        }

        if (sessions.Count == 0)
            terminal.Screen.WriteText("No sessions.");
        else
            SessionTable.WriteRows(terminal.Screen, sessions);
        if (page.Next is not null)
            terminal.Screen.WriteText($"There are more: --after {page.Next}");
    }
}
