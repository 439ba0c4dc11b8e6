using System.Buffers;
using System.CommandLine;
using System.IO.Pipelines;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Events;

/// <summary><c>agentbudget events verify</c>: whether an export of events is whole.</summary>
internal static class EventsVerifyCommand
{
    public static Command Create(Option<bool> json, LedgerOptions ledgers, CliTerminal terminal)
    {
        var command = new Command(
            "verify",
            "Proves that exported events (agentbudget events --json) are whole: none missing, doubled, moved or altered in its amount. "
                + "With --store or --server also that each session's end is there, by what it has spent; or that a tenant's window is, "
                + "with --tenant and --window."
        );
        var file = new Argument<string?>("FILE")
        {
            Description = "The file, one event a line. Default: standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var part = new Option<bool>("--part")
        {
            Description =
                "The export begins in the middle, as one with --since does: what stood before a ledger's first event is not missed.",
        };
        var compared = new VerifiedWindow();
        command.Add(file);
        command.Add(part);
        compared.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = ledgers.ReadIfNamed(parsed);
                var window = await compared.FindAsync(parsed, address, terminal, cancellationToken);
                var verification = new EventVerification(parsed.GetValue(part), window?.Window);
                await using (var input = Open(parsed.GetValue(file), terminal))
                    await ReadAsync(verification, input, cancellationToken);
                verification.Complete();
                if (window is not null)
                    verification.CompareWindow(window.Spent);
                else if (address is not null)
                    await CompareAsync(verification, address, terminal, cancellationToken);
                VerificationView.Write(terminal, verification, parsed.GetValue(json));
                return verification.FindingsTotal == 0 ? ExitCodes.Ok : ExitCodes.Failed;
            }
        );
        return command;
    }

    private static Stream Open(string? file, CliTerminal terminal)
    {
        if (file is not null)
            return File.OpenRead(file);
        return terminal.IsTyped
            ? throw new UsageException("There is nothing to read: name a FILE, or pipe into it what agentbudget events --json writes.")
            : terminal.OpenInput();
    }

    private static async Task ReadAsync(EventVerification verification, Stream input, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        var isPassing = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var left = read.Buffer;
            while (left.PositionOf((byte)'\n') is { } end)
            {
                if (!isPassing)
                    Add(verification, left.Slice(0, end));
                isPassing = false;
                left = left.Slice(left.GetPosition(1, end));
            }

            // A line without an end is told once, and the rest of it is passed over.
            if (left.Length > EventVerification.MaxLine || (read.IsCompleted && !left.IsEmpty))
            {
                if (!isPassing)
                    Add(verification, left);
                isPassing = true;
                left = left.Slice(left.End);
            }

            reader.AdvanceTo(left.Start, read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private static void Add(EventVerification verification, ReadOnlySequence<byte> line) =>
        verification.Add(line.IsSingleSegment ? line.First : line.ToArray());

    private static async Task CompareAsync(
        EventVerification verification,
        LedgerAddress address,
        CliTerminal terminal,
        CancellationToken cancellationToken
    )
    {
        await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
        foreach (var seen in LastLives(verification))
            verification.Compare(seen, (await ledger.FindOrNullAsync(seen.Ledger, cancellationToken))?.Standing.Spent);
    }

    // A session that was purged and opened anew has spent what its last life has. A tenant's ledger has no costs of its own.
    private static VerifiedLedger[] LastLives(EventVerification verification) =>
        [.. verification.Ledgers.Where(seen => seen.Ledger[0] != '~').Reverse().DistinctBy(seen => seen.Ledger)];
}
