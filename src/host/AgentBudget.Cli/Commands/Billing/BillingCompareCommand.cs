using System.CommandLine;
using System.Globalization;
using AgentBudget.Billing.Exporting;
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
        Description =
            "Costs that a command did not send and keeps, as export has them. Default: NAME.dead.jsonl. With --server, those of "
            + "its export NAME are known besides.",
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
        var address = ledgers.Read(parsed);
        await using var ledger = await address.OpenAsync(terminal.Time, _ => Task.CompletedTask, cancellationToken);
        var unsent = await UnsentCosts.ReadAsync(export.Name, parsed.GetValue(dead), ledger.Grains, address, cancellationToken);
        var sent = new SentTotals(ledger.Grains.GetGrain<IBudgetEventFeed>(0), SinkMaker.CustomersOf(export), unsent.Ids);
        await sent.ReadAsync(from, to, cancellationToken);
        using var clients = new HttpClients(terminal.Time);
        var sender = SinkMaker.SenderOf(export, StripeSink.DefaultUrl, clients.Make, terminal.Time);
        var comparison = new StripeComparison(sender, parsed.GetRequiredValue(meter));
        var findings = await comparison.CompareAsync(sent.ByCustomer, from, to, cancellationToken);
        foreach (var finding in findings)
            Tell(finding, parsed.GetValue(json), terminal);
        var isWhole = WarnOf(unsent, sent, terminal);
        if (findings.Count > 0 || !isWhole)
            return ExitCodes.Failed;
        if (!parsed.GetValue(json))
            terminal.Screen.WriteText($"Stripe counts what was sent of {sent.ByCustomer.Count} customers.");
        return ExitCodes.Ok;
    }

    private static void Tell(StripeFinding finding, bool isJson, CliTerminal terminal)
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

    // Says what the comparison did not see, and whether it is of everything that was asked for all the same.
    private static bool WarnOf(UnsentCosts unsent, SentTotals sent, CliTerminal terminal)
    {
        foreach (var note in unsent.Notes.Concat(unsent.Unseen))
            terminal.Warn(note);
        if (sent.WithoutCustomer > 0)
            terminal.Warn(
                string.Create(CultureInfo.InvariantCulture, $"{sent.WithoutCustomer:N0} costs have no customer, and were not compared.")
            );
        if (sent.KeptSince is { } kept)
            terminal.Warn(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Events are kept since {kept:u}; costs before it were not compared. Ask with a later --since."
                )
            );
        return unsent.Unseen.Count == 0 && sent.KeptSince is null;
    }

    private static DateTimeOffset Minute(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / 60 * 60);
}
