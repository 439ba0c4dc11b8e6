using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Streams;

/// <summary>Keeps what consumers have given up. While it cannot be kept it counts as not delivered, and its stream waits for it.</summary>
internal sealed class DeadLetterKeeping(BudgetStreamDeadLetters deadLetters, LedgerMetrics metrics, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private DateTimeOffset restsUntil;

    public async Task KeepAsync(QueueLanes lanes, DateTimeOffset now)
    {
        if (now < restsUntil)
            return;
        foreach (var lane in lanes.All)
        {
            while (lane.Dead is { } item)
            {
                if (!await TryKeepAsync(item, now))
                {
                    restsUntil = now + Pause;
                    return;
                }

                lane.WasBuried();
            }
        }
    }

    private static BudgetStreamDeadLetter LetterOf(LaneItem item, DateTimeOffset at)
    {
        var (of, page) = (item.Batch.Event, item.Page);
        return new()
        {
            At = at,
            Namespace = item.Batch.StreamId.GetNamespace() ?? "",
            Key = item.Batch.StreamId.GetKeyAsString(),
            EventId = of.Id,
            Type = of.Type,
            Ledger = of.Origin.Ledger,
            Sequence = of.Sequence,
            Cursor = page.Before.ToString(),
            From = page.From,
            Through = page.Through.Position,
            Partition = page.Through.Partition,
            // The same however often it is tried.
            Row = FormattableString.Invariant($"{item.ReadAt.UtcTicks:x16}.{item.Number:x16}"),
        };
    }

    private async Task<bool> TryKeepAsync(LaneItem item, DateTimeOffset now)
    {
        var letter = LetterOf(item, now);
        try
        {
            if (!await deadLetters.TryAddAsync(letter, CancellationToken.None))
            {
                StreamsLog.DeadLettersFull(log, letter.Namespace, BudgetStreamDeadLetters.MaxKept, letter.Partition);
                return false;
            }
        }
        catch (Exception exception)
        {
            StreamsLog.NotKept(log, exception);
            return false;
        }

        metrics.BecameADeadLetter();
        StreamsLog.DeadLetter(log, letter.Namespace, letter.Sequence, letter.Partition, letter.From, letter.Through);
        return true;
    }
}
