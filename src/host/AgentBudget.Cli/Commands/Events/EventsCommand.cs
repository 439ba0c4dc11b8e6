using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Events;

/// <summary><c>agentbudget events</c>: what a ledger did, as it was or as it comes.</summary>
internal static class EventsCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "events",
            "Shows what a ledger did that others act upon: costs, limits, loops, transitions; all that is kept, or what comes (--follow)."
        );
        var ledgers = new LedgerOptions();
        var options = new EventsOptions();
        ledgers.AddTo(command);
        options.AddTo(command);
        command.Add(EventsVerifyCommand.Create(options.Json, ledgers, terminal));
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var asked = options.Read(parsed, terminal.Time.GetUtcNow());
                var address = ledgers.Read(parsed);
                await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
                try
                {
                    await WriteAsync(ledger, asked, terminal, cancellationToken);
                }
                catch (BudgetUnavailableException exception) when (address.Server is not null)
                {
                    throw new CommandFailedException(
                        $"The server at {address.Server} does not answer any more ({exception.Message.TrimEnd('.')}); "
                            + "try again when it is back."
                    );
                }
                // Who follows ends it so.
                catch (OperationCanceledException) when (asked.IsFollowing && cancellationToken.IsCancellationRequested) { }
                return ExitCodes.Ok;
            }
        );
        return command;
    }

    private static async Task WriteAsync(ILedgerView ledger, AskedEvents asked, CliTerminal terminal, CancellationToken cancellationToken)
    {
        if (asked.Filter.Ledger is { } session)
            await ledger.FindAsync(session, cancellationToken);
        var from = asked.IsFromEnd ? await ledger.Events.EndAsync(cancellationToken) : null;
        var reading = ledger.Events.From(from, asked.Filter);
        var view = new EventView(terminal.Screen, asked.Filter.Ledger is not null);
        var count = 0L;
        await foreach (var one in asked.IsFollowing ? reading.FollowAsync(cancellationToken) : reading.ReadAsync(cancellationToken))
        {
            if (one.At < asked.Since)
                continue;
            // One more was there.
            if (!asked.IsFollowing && count == asked.Limit)
            {
                if (!asked.IsJson)
                    terminal.Screen.WriteText($"There are more: --limit {asked.Limit} was reached.");
                return;
            }

            if (asked.IsJson)
                await terminal.Out.WriteLineAsync(BudgetEventJson.Write(one));
            else
                view.Write(one);
            count++;
            if (asked.IsFollowing && count == asked.Limit)
                return;
        }

        if (count == 0 && !asked.IsJson)
            terminal.Screen.WriteText("No events.");
    }
}
