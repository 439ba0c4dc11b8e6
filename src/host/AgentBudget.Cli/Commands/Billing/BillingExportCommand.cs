using System.CommandLine;
using System.Globalization;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Notes;
using AgentBudget.Billing.Sinks;
using AgentBudget.Billing.Sinks.Lines;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget.Cli.Commands.Billing;

/// <summary><c>agentbudget billing export</c>: sends what costs there are, or goes on with what comes.</summary>
internal static class BillingExportCommand
{
    private const int MostFailures = 5;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "export",
            "Sends the costs that were not sent before, at least once and under ids that stay the same. The ledger keeps the place under "
                + "the export's name; what cannot be sent is kept in a file. Exit code 1 where there is such."
        );
        var settings = new ExportSettings();
        var ledgers = new LedgerOptions();
        var dead = new Option<string>("--dead")
        {
            HelpName = "FILE",
            Description =
                "Where costs are kept that could not be sent; they are tried again each time. Default: beside FILE, or NAME.dead.jsonl.",
        };
        var follow = new Option<bool>("--follow") { Description = "Go on with what comes, until it is ended." };
        var json = new Option<bool>("--json") { Description = "Say in JSON what was done." };
        ledgers.AddTo(command);
        settings.AddTo(command);
        foreach (var option in new Option[] { dead, follow, json })
            command.Add(option);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var export = settings.Read(parsed);
                var address = ledgers.Read(parsed);
                var notes = parsed.GetValue(dead) ?? DeadOf(export);
                await using var only = OnlyOne(notes);
                await using var ledger = await address.OpenAsync(terminal.Time, _ => Task.CompletedTask, cancellationToken);
                using var clients = new HttpClients(terminal.Time);
                await using var sink =
                    export.Path == ExportSettings.StandardOutput
                        ? new LinesSink(terminal.OpenOutput)
                        : SinkMaker.Make(export, clients.Make, terminal.Time);
                var isFollowing = parsed.GetValue(follow);
                var parts = PartsOf(export, ledger, sink, new FileNotes(notes), terminal.Time);
                var exporter = new BillingExporter(isFollowing ? parts with { Log = new FollowLog(terminal) } : parts);
                await RunAsync(exporter, address, isFollowing, cancellationToken);
                return Tell(exporter.Count, export, notes, parsed.GetValue(json), terminal);
            }
        );
        return command;
    }

    // Two at once would each write down their own dead letters, over those of the other.
    private static FileStream OnlyOne(string notes)
    {
        var path = Path.GetFullPath(notes + ".lock");
        try
        {
            if (Path.GetDirectoryName(path) is { } folder)
                Directory.CreateDirectory(folder);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            throw new CommandFailedException(
                $"Another export with the dead letters {notes} runs; wait for its end, or name others with --dead."
            );
        }
    }

    private static string DeadOf(BillingExportOptions export) =>
        export.To == BillingTarget.Lines && export.Path != ExportSettings.StandardOutput
            ? export.Path + ".dead"
            : export.Name + ".dead.jsonl";

    private static ExportParts PartsOf(
        BillingExportOptions export,
        ClientView ledger,
        IBillingSink sink,
        IExportNotes notes,
        TimeProvider time
    ) =>
        new()
        {
            Name = export.Name,
            Feed = ledger.Grains.GetGrain<IBudgetEventFeed>(0),
            Sink = sink,
            Customers = SinkMaker.CustomersOf(export),
            Notes = notes,
            Time = time,
            Log = NullLogger.Instance,
            FromStart = export.FromStart,
        };

    private static async Task RunAsync(
        BillingExporter exporter,
        LedgerAddress address,
        bool isFollowing,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await exporter.BeginAsync(withDoubtful: false, cancellationToken);
            if (isFollowing)
                await exporter.FollowAsync(PollInterval, cancellationToken);
            else
                await exporter.DrainAsync(MostFailures, cancellationToken);
        }
        catch (Exception exception) when (exception is BudgetUnavailableException or OrleansException or TimeoutException)
        {
            throw new CommandFailedException(
                $"{address} does not answer any more ({exception.Message.TrimEnd('.')}). What was not sent is sent the next time."
            );
        }
        // Who follows ends it so.
        catch (OperationCanceledException) when (isFollowing && cancellationToken.IsCancellationRequested) { }
    }

    private static int Tell(ExportCount count, BillingExportOptions export, string notes, bool isJson, CliTerminal terminal)
    {
        if (count.LostPlaces > 0)
            terminal.Warn(
                "The export's place in the feed was lost: it was away for longer than events are kept, or the ledger was restored. Compare "
                    + "totals with reports."
            );
        // Where the costs themselves go to standard output, nothing else does.
        if (export.Path != ExportSettings.StandardOutput)
            Say(count, export, isJson, terminal);
        if (count.Dead == 0)
            return ExitCodes.Ok;
        terminal.Error(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count.Dead:N0} costs could not be sent and are kept in {notes}, each with its reason; mend it, and export again."
            )
        );
        return ExitCodes.Failed;
    }

    private static void Say(ExportCount count, BillingExportOptions export, bool isJson, CliTerminal terminal)
    {
        if (isJson)
            terminal.Out.WriteLine(
                JsonLine.Of(writer =>
                {
                    writer.WriteString("export", export.Name);
                    writer.WriteNumber("costs", count.Taken);
                    writer.WriteMoney("usd", count.Sum);
                    writer.WriteNumber("dead_letters", count.Dead);
                })
            );
        else
            terminal.Screen.WriteText(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count.Taken:N0} costs, {count.Sum} in all, to {export.Path ?? export.To.ToString()}."
                )
            );
    }
}
