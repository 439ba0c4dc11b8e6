using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AgentBudget.Billing.Exporting;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;

namespace AgentBudget.Cli.Commands.Billing;

/// <summary><c>agentbudget billing dead</c>: what a server's export could not send, and why; it is kept until it is sent.</summary>
internal sealed class BillingDeadCommand
{
    private const int DefaultLines = 20;
    private const int MostLines = 10_000;

    private readonly LedgerOptions ledgers = new();

    private readonly Argument<string> name = new("NAME") { Description = "The export's name, as the server's settings have it." };

    private readonly Option<string> limit = new("--limit")
    {
        HelpName = "N",
        Description = $"How many at most, the oldest first, from 1 to {MostLines}. Default {DefaultLines}.",
    };

    private readonly Option<bool> retry = new("--retry") { Description = "Try them again, once, when they have been shown." };

    private readonly Option<bool> doubtful = new("--doubtful")
    {
        Description = "With --retry: those as well that may have been taken before; the billing system may then count them twice.",
    };

    private readonly Option<bool> json = new("--json") { Description = "Write JSON, one a line, each with its cost." };

    private BillingDeadCommand() { }

    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "dead",
            "Shows costs that a server's export could not send, each with its reason, and tries them again. A command's own are in its "
                + "--dead file."
        );
        var options = new BillingDeadCommand();
        options.ledgers.AddTo(command);
        command.Add(options.name);
        foreach (var option in new Option[] { options.limit, options.retry, options.doubtful, options.json })
            command.Add(option);
        command.SetAction((parsed, cancellationToken) => options.RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    private async Task RunAsync(ParseResult parsed, CliTerminal terminal, CancellationToken cancellationToken)
    {
        var count = Inputs.Count("--limit", parsed.GetValue(limit), DefaultLines, 1, MostLines);
        if (parsed.GetValue(doubtful) && !parsed.GetValue(retry))
            throw new UsageException("--doubtful goes with --retry.");
        if (ledgers.ReadIfNamed(parsed) is not { Server: not null } address)
            throw new UsageException("--server is missing: dead letters of an export of a command are in the file of its --dead.");
        await using var ledger = await address.OpenAsync(terminal.Time, _ => Task.CompletedTask, cancellationToken);
        var export = ledger.Grains.GetGrain<IBillingExport>(parsed.GetRequiredValue(name));
        try
        {
            var lines = await export.DeadLettersAsync(count).WaitAsync(cancellationToken);
            Write(lines, parsed.GetValue(json), terminal);
            if (!parsed.GetValue(retry))
                return;
            await export.RetryAsync(parsed.GetValue(doubtful)).WaitAsync(cancellationToken);
            if (!parsed.GetValue(json))
                terminal.Screen.WriteText("They are tried again.");
        }
        catch (ArgumentException refused)
        {
            throw new CommandFailedException(refused.Message);
        }
    }

    private static void Write(IReadOnlyList<string> lines, bool isJson, CliTerminal terminal)
    {
        foreach (var line in lines)
        {
            if (isJson)
                terminal.Out.WriteLine(line);
            else
                terminal.Screen.WriteText(Words(line));
        }

        if (lines.Count == 0 && !isJson)
            terminal.Screen.WriteText("No dead letters.");
    }

    private static string Words(string line)
    {
        using var read = JsonDocument.Parse(line);
        var (dead, cost) = (read.RootElement, read.RootElement.GetProperty("cost"));
        var amount = decimal.Parse(cost.GetProperty("amount_usd").GetString()!, CultureInfo.InvariantCulture);
        return $"{cost.GetProperty("id").GetString()}, {Money.FromDollars(amount)}: {dead.GetProperty("problem").GetString()}";
    }
}
