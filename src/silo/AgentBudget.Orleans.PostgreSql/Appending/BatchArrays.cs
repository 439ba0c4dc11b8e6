using System.Text;
using AgentBudget.Orleans.PostgreSql.Partitions;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.Json;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Appending;

/// <summary>
/// One batch as the function <c>append_batch</c> takes it: numbers packed into a few arrays, texts beside them. The order within a row
/// is that of the function. Kept and filled again, so that a batch allocates little. Not for several threads at once.
/// </summary>
internal sealed class BatchArrays : IDisposable
{
    private const string Call = "SELECT append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

    private readonly LedgerJsonWriter json = new();
    private readonly List<long> heads = [];
    private readonly Utf8Texts headDetails = new();
    private readonly List<long> entries = [];
    private readonly List<string?> entryKeys = [];
    private readonly Utf8Texts entryDetails = new();
    private readonly List<long> opened = [];
    private readonly List<string?> openedTenants = [];
    private readonly List<string?> openedOptions = [];
    private readonly SideArrays beside = new();
    private readonly FeedRanges feed = new();

    /// <summary>Adds an append; each session once.</summary>
    public void Add(long ledgerNo, LedgerAppend append)
    {
        var head = append.Head;
        AddHead(ledgerNo, append);
        if (append.ExpectedSequence == 0)
        {
            opened.Add(ledgerNo);
            opened.Add(head.OpenedAt.UtcTicks);
            openedTenants.Add(head.Options?.Tenant?.ToString());
            // Once in a ledger's life, and none for a tombstone: a list that knows of nothing is worth a string.
            openedOptions.Add(LedgerJson.WriteOptions(head.Options) is { } options ? Encoding.UTF8.GetString(options) : null);
        }

        for (var i = 0; i < append.Entries.Count; i++)
        {
            var entry = append.Entries[i];
            AddEntry(ledgerNo, entry);
            if (EntryRows.HasChange(entry))
                beside.Follow(EntryRows.ChangeOf(entry));
        }

        beside.EndOf(ledgerNo, json);
        feed.Add(ledgerNo, append);
    }

    /// <summary>The command that writes what was added.</summary>
    public Task<NpgsqlCommand> MakeCommandAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Statements.PrepareAsync(
            connection,
            Call,
            cancellationToken,
            Statements.Of(heads),
            Statements.OfTexts(headDetails.All()),
            Statements.Of(entries),
            Statements.Of(entryKeys),
            Statements.OfTexts(entryDetails.All()),
            Statements.Of(opened),
            Statements.Of(openedTenants),
            Statements.Of(openedOptions),
            Statements.Of(beside.Put),
            Statements.Of(beside.PutNames),
            Statements.OfTexts(beside.PutDetails.All()),
            Statements.Of(beside.Moved),
            Statements.Of(beside.Removed),
            Statements.Of(feed.BatchId),
            Statements.Of(feed.At.UtcTicks),
            Statements.Of(feed.Bytes.ToArray())
        );

    public void Clear()
    {
        heads.Clear();
        headDetails.Clear();
        entries.Clear();
        entryKeys.Clear();
        entryDetails.Clear();
        opened.Clear();
        openedTenants.Clear();
        openedOptions.Clear();
        beside.Clear();
        feed.Clear();
    }

    public void Dispose() => json.Dispose();

    private void AddHead(long ledgerNo, LedgerAppend append)
    {
        var head = append.Head;
        heads.AddRange([
            ledgerNo,
            head.Life,
            append.ExpectedSequence,
            head.Sequence,
            append.AppendId,
            head.Budget.NanoDollars,
            head.Spent.NanoDollars,
            head.Reserved.NanoDollars,
            head.LastEntryAt.UtcTicks,
            head.LastActivityAt.UtcTicks,
            head.EndedAt?.UtcTicks ?? 0,
            append.IsDueChanged ? append.DueAt.UtcTicks : 0,
            (long)head.Breaker.OpenReason,
            (long)head.Breaker.PausedBy,
            (long)head.End,
        ]);
        headDetails.Add(json.Write(head));
    }

    private void AddEntry(long ledgerNo, Entry entry)
    {
        entries.AddRange([
            ledgerNo,
            entry.Sequence,
            entry.At.UtcTicks,
            entry.BodyHash,
            entry.Amount.NanoDollars,
            entry.Requested.NanoDollars,
            entry.Related,
            entry.After.Budget.NanoDollars,
            entry.After.Spent.NanoDollars,
            entry.After.Reserved.NanoDollars,
            entry.Key is null ? 0 : (long)entry.KeyHash,
            (long)entry.Kind,
            EntryRows.IsLookedUp(entry) ? 1 : 0,
        ]);
        entryKeys.Add(entry.Key);
        entryDetails.Add(json.Write(entry));
    }
}
