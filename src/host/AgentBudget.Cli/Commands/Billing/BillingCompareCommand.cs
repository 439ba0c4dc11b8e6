using System.CommandLine;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Notes;
using AgentBudget.Billing.Sinks;
using AgentBudget.Billing.Sinks.Stripe;
using AgentBudget.Cli.Commands.Events;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Commands.Billing;

/// <summary><c>agentbudget billing compare</c>: whether Stripe counts what was sent, which its answers do not say.</summary>
internal sealed class BillingCompareCommand
{
    private readonly ExportSettings settings = new();
    private readonly LedgerOptions ledgers = new();

    private readonly Option<string> meter = new("--meter")
    {
        HelpName = "ID",
        Description = "The meter's id, such as mtr_1.",
        Required = true,
    };

    private readonly Option<string> since = new("--since")
    {
        HelpName = "TIME",
        Description = "From this on, to the minute: a time such as 2026-11-29T08:00Z, or an age such as 24h. Default: 24h.",
    };

    private readonly Option<string> until = new("--until")
    {
        HelpName = "TIME",
        Description = "Before this, to the minute. Default: 10m ago, for Stripe counts later than it answers.",
    };

    private readonly Option<string> dead = new("--dead")
    {
        HelpName = "FILE",
        Description = "Costs that were not sent and are kept, as export has them. Default: NAME.dead.jsonl.",
    };

    private readonly Option<bool> json = new("--json") { Description = "Write JSON, one finding a line." };

    private BillingCompareCommand() { }

    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "compare",
            "Compares what Stripe counts of each customer, and the errors that it reports, with the ledger's costs. Exit code 1 where "
                + "something differs."
        );
        var options = new BillingCompareCommand();
        options.ledgers.AddTo(command);
        options.settings.AddTo(command);
        foreach (var option in new Option[] { options.meter, options.since, options.until, options.dead, options.json })
            command.Add(option);
        command.SetAction((parsed, cancellationToken) => options.RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CliTerminal terminal, CancellationToken cancellationToken)
    {
        var export = settings.Read(parsed);
        if (export.To != BillingTarget.Stripe)
            throw new UsageException("--to must be stripe: no other says what it counts.");
        var now = terminal.Time.GetUtcNow();
        var from = Minute(EventsOptions.TimeOf(parsed.GetValue(since) ?? "24h", now));
        var to = Minute(EventsOptions.TimeOf(parsed.GetValue(until) ?? "10m", now));
        if (from >= to)
            throw new UsageException("--since must be at least a minute before --until.");
        var file = new FileNotes(parsed.GetValue(dead) ?? export.Name + ".dead.jsonl");
        var except = (await file.ReadDeadAsync(cancellationToken)).Select(one => one.Cost.Id).ToHashSet(StringComparer.Ordinal);
        await using var ledger = await ledgers.Read(parsed).OpenAsync(terminal.Time, _ => Task.CompletedTask, cancellationToken);
        var feed = ledger.Grains.GetGrain<IBudgetEventFeed>(0);
        var sent = await SentTotals.ReadAsync(feed, SinkMaker.CustomersOf(export), except, from, to, cancellationToken);
        using var clients = new HttpClients(terminal.Time);
        var sender = SinkMaker.SenderOf(export, StripeSink.DefaultUrl, clients.Make, terminal.Time);
        var findings = await new StripeComparison(sender, parsed.GetRequiredValue(meter)).CompareAsync(sent, from, to, cancellationToken);
        Tell(findings, sent, parsed.GetValue(json), terminal);
        return findings.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static void Tell(
        IReadOnlyList<StripeFinding> findings,
        IReadOnlyDictionary<string, Money> sent,
        bool isJson,
        CliTerminal terminal
    )
    {
        foreach (var finding in findings)
        {
            if (isJson)
                terminal.Out.WriteLine(
                    JsonLine.Of(writer =>
                    {
                        writer.WriteString("what", finding.What);
                        writer.WriteString("problem", finding.Problem);
                    })
                );
            else
                terminal.Screen.WriteText($"{finding.What}: {finding.Problem}");
        }

        if (findings.Count == 0 && !isJson)
            terminal.Screen.WriteText($"Stripe counts what was sent of {sent.Count} customers.");
    }

    private static DateTimeOffset Minute(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / 60 * 60);
}
