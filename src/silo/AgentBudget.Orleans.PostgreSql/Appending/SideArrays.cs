using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.PostgreSql.Appending;

/// <summary>
/// What a batch does to rows beside timelines, as the function <c>append_batch</c> takes it. Of several changes of one row only what they
/// come to is written, for a statement changes a row once.
/// </summary>
internal sealed class SideArrays
{
    // Of the append that is being added.
    private readonly Dictionary<(SideRowKind Kind, long Number), SideChange> last = [];

    public List<long> Put { get; } = [];

    public List<string?> PutNames { get; } = [];

    public Utf8Texts PutDetails { get; } = new();

    public List<long> Moved { get; } = [];

    public List<long> Removed { get; } = [];

    /// <summary>Takes what an entry does.</summary>
    public void Follow(in SideChange change)
    {
        var row = (change.Kind, change.Number);
        last[row] =
            change.Step == SideStep.Move && last.TryGetValue(row, out var before) && before.Step == SideStep.Put
                ? before with
                {
                    Row = before.Row!.MovedTo(change.At),
                }
                : change;
    }

    /// <summary>Adds what was taken, as that of one ledger.</summary>
    public void EndOf(long ledgerNo, LedgerJsonWriter json)
    {
        if (last.Count == 0)
            return;
        foreach (var change in last.Values)
        {
            if (change.Row is { } row)
            {
                Put.AddRange([
                    ledgerNo,
                    row.Number,
                    row.Life,
                    row.Reserved.NanoDollars,
                    row.At.UtcTicks,
                    (long)row.Kind,
                    row.IsOpen ? 1 : 0,
                ]);
                PutNames.Add(row.Name);
                PutDetails.Add(json.Write(row));
            }

            if (change.Step == SideStep.Move)
                Moved.AddRange([ledgerNo, (long)change.Kind, change.Number, change.At.UtcTicks]);
            // A row that is closed moves: the open one goes.
            if (change.Step == SideStep.Remove || change.Row is { IsOpen: false })
                Removed.AddRange([ledgerNo, (long)change.Kind, change.Number]);
        }

        last.Clear();
    }

    public void Clear()
    {
        last.Clear();
        Put.Clear();
        PutNames.Clear();
        PutDetails.Clear();
        Moved.Clear();
        Removed.Clear();
    }
}
