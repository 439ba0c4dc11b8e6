using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;
using AgentBudget.Ledger;

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
                await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
                await page.WriteAsync(
                    ledger,
                    query,
                    parsed,
                    parsed.GetValue(common.Json),
                    terminal,
                    () => Task.CompletedTask,
                    cancellationToken
                );
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

    private readonly Option<bool> all = new("--all") { Description = "All pages, one after the other, of --limit each." };

    public void AddTo(Command command)
    {
        command.Add(after);
        command.Add(limit);
        command.Add(all);
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

    /// <summary>Writes one page and where the next one begins, or all of them.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="query">The first page.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="isJson">Whether it is for a program.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="whenNone">Is asked before it is said that there are none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WriteAsync(
        ILedgerView ledger,
        SessionsQuery query,
        ParseResult parsed,
        bool isJson,
        CliTerminal terminal,
        Func<Task> whenNone,
        CancellationToken cancellationToken
    )
    {
        var isFirst = true;
        do
        {
            var page = await ReadAsync(ledger, query, cancellationToken);
            if (isFirst && page.Sessions.Count == 0)
                await whenNone();
            Write(page.Sessions, isFirst, isJson, terminal);
            isFirst = false;
            query = query with { After = page.Next };
        } while (query.After is not null && parsed.GetValue(all));
        if (query.After is null)
            return;
        if (isJson)
            terminal.Out.WriteLine(JsonLine.Of(writer => writer.WriteString("next", query.After)));
        else
            terminal.Screen.WriteText($"There are more: --after {query.After}, or --all");
    }

    // Where few of many are wanted, a page may hold fewer than were asked for.
    private static async Task<SessionsPage> ReadAsync(ILedgerView ledger, SessionsQuery query, CancellationToken cancellationToken)
    {
        var sessions = new List<SessionSummary>();
        string? next;
        do
        {
            var page = await ledger.ListAsync(query with { Count = query.Count - sessions.Count }, cancellationToken);
            sessions.AddRange(page.Sessions);
            next = page.Next;
            query = query with { After = next };
        } while (next is not null && sessions.Count < query.Count);
        return new SessionsPage { Sessions = sessions, Next = next };
    }

    private static void Write(IReadOnlyList<SessionSummary> sessions, bool isFirst, bool isJson, CliTerminal terminal)
    {
        if (isJson)
        {
            foreach (var session in sessions)
                terminal.Out.WriteLine(SessionJson.Write(session));
        }
        else if (sessions.Count > 0)
        {
            SessionTable.WriteRows(terminal.Screen, sessions);
        }
        else if (isFirst)
        {
            terminal.Screen.WriteText("No sessions.");
        }
    }
}
