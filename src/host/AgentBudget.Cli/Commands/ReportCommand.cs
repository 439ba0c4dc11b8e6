using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget report SESSION</c>: what a session cost, and why it ended.</summary>
internal static class ReportCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command("report", "Reports what a session cost, by model and tool, and why it ended.");
        var id = new Argument<string>("SESSION") { Description = "The session's id." };
        var ledgers = new LedgerOptions();
        var json = new Option<bool>("--json") { Description = "Write the report as one JSON object, with a page of its timeline." };
        var events = new Option<string>("--events")
        {
            HelpName = "N",
            Description = $"With --json: how many entries, from 0 to {SessionReport.MaxEvents}. Default {SessionReport.MaxEvents}.",
        };
        var from = new Option<string>("--from") { HelpName = "N", Description = "With --json: the first of them. Default 1." };
        command.Add(id);
        ledgers.AddTo(command);
        foreach (var option in new Option[] { json, events, from })
            command.Add(option);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = ledgers.Read(parsed);
                var count = Inputs.Count("--events", parsed.GetValue(events), SessionReport.MaxEvents, 0, SessionReport.MaxEvents);
                var first = Inputs.Count("--from", parsed.GetValue(from), 1, 1, int.MaxValue);
                var isJson = parsed.GetValue(json);
                if (!isJson && new Option[] { events, from }.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } stray)
                    throw new UsageException($"{stray.Name} goes with --json, which writes the timeline.");
                await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
                var report = await ledger.ReportAsync(parsed.GetRequiredValue(id), first, isJson ? count : 0, cancellationToken);
                if (isJson)
                    terminal.Out.WriteLine(ReportJson.Write(report));
                else
                {
                    var opened = await BreakerOpenedAsync(ledger, report, cancellationToken);
                    ReportView.Write(terminal.Screen, report, Ending.Describe(report, opened));
                }
            }
        );
        return command;
    }

    private static async Task<Entry?> BreakerOpenedAsync(ILedgerView ledger, SessionReport report, CancellationToken cancellationToken) =>
        report.BreakerOpenedSequence == 0
            ? null
            : await ledger.EntryAsync(report.SessionId, report.BreakerOpenedSequence, cancellationToken);
}
