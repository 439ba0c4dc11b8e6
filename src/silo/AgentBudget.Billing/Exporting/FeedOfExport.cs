using AgentBudget.Billing.Notes;

namespace AgentBudget.Billing.Exporting;

/// <summary>The feed as one export reads it: billable events, page by page, of one partition after the other, and how far it has come. A
/// partition that is away rests, and the others go on.</summary>
/// <remarks>Two exporters of one name can live for a moment, on two silos: each says only what it has sent, and a place never goes back,
/// so that the worst is that something is sent twice, under one id.</remarks>
internal sealed class FeedOfExport(ExportParts parts)
{
    /// <summary>After how many events a page ends; the last batch of the ledger's may carry it further.</summary>
    public const int EventsOfPage = 500;

    private static readonly EventFilter Billable = new() { BillableOnly = true };
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    // A note names what is done of a page, so long as it stays a note.
    private const int MostIds = 2_000;

    private readonly string consumer = ConsumerOf(parts.Name);
    private FeedPlace[] places = [];
    private int next;

    /// <summary>The name of an export as a consumer of the feed.</summary>
    public static string ConsumerOf(string export) => "billing/" + export;

    /// <summary>Registers the export, once, and finds out where it was.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var cursors = await parts.Feed.RegisterAsync(consumer, parts.FromStart).WaitAsync(cancellationToken);
        places = [.. cursors.Select(cursor => new FeedPlace { Cursor = cursor })];
        if (parts.Sink.Limits.RemembersFor is null)
            return;
        for (var partition = 0; partition < places.Length; partition++)
        {
            var begun = await parts.Notes.ReadBegunAsync(partition, cancellationToken);
            // One that the place has passed was sent whole.
            if (begun?.Through <= places[partition].Cursor.Position)
                begun = null;
            (places[partition].Begun, places[partition].Since) = (begun, begun?.At);
            places[partition].Done.UnionWith(begun?.Done ?? []);
        }
    }

    /// <summary>The next page that has something, of whichever partition; null when there is nothing.</summary>
    public async Task<FeedPage?> ReadAsync(CancellationToken cancellationToken)
    {
        for (var passed = 0; passed < places.Length; )
        {
            var page = IsResting(next) ? null : await TryReadAsync(next, cancellationToken);
            if (page is not null && (page.Page.State != EventCursorState.Good || page.Page.Events.Count > 0))
            {
                // A partition with a long past does not keep the others waiting.
                next = (next + 1) % places.Length;
                return page;
            }

            if (page is { Page.HasMore: true })
                continue;
            next = (next + 1) % places.Length;
            passed++;
        }

        return null;
    }

    /// <summary>The page of a partition that was on its way when the export ended, as far as it has not been seen since; null for
    /// none.</summary>
    public BegunPage? BegunBefore(int partition) => places[partition].Begun;

    /// <summary>Whether a cost was taken, or is dead, behind the place that was said last.</summary>
    public bool IsDone(int partition, string id) => places[partition].Done.Contains(id);

    /// <summary>All of that page has been seen.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="isForgotten">Whether none of it is sent again, so that what comes now is on its way since now.</param>
    public void SawBegun(int partition, bool isForgotten)
    {
        places[partition].Begun = null;
        if (isForgotten)
            places[partition].Since = null;
    }

    /// <summary>A page is about to be sent to a receiver that does not know ids for good.</summary>
    public async Task NoteAsync(FeedPage page, CancellationToken cancellationToken)
    {
        if (parts.Sink.Limits.RemembersFor is null || page.Page.Events is not [.., var last])
            return;
        var place = places[page.Partition];
        place.Since ??= parts.Time.GetUtcNow();
        place.Ids.AddRange(page.Page.Events.Select(one => one.Id).Take(MostIds + 1 - place.Ids.Count));
        (place.Through, place.LastId) = (page.Page.Through, last.Id);
        await WriteNoteAsync(page.Partition, cancellationToken);
    }

    /// <summary>
    /// What is on its way was answered, and what waits was not taken, but for what the receiver left open: it may be taken from now on, and
    /// not since it was read. However long the receiver lets nothing in, nothing of it comes to be in doubt.
    /// </summary>
    /// <param name="waiting">What waits, and since when it may have been taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RenewAsync(IReadOnlyDictionary<string, DateTimeOffset?> waiting, CancellationToken cancellationToken)
    {
        var now = parts.Time.GetUtcNow();
        for (var partition = 0; partition < places.Length; partition++)
        {
            var place = places[partition];
            // What the exporter before this one had on its way, and was not seen again yet, is in doubt as it was.
            if (place.Since is null || place.Begun is not null || place.LastId is null || place.Ids.Count > MostIds)
                continue;
            var left = place.Ids.Where(waiting.ContainsKey).ToArray();
            place.Done.UnionWith(place.Ids.Except(left, StringComparer.Ordinal));
            place.Since = left.Select(id => waiting[id] ?? now).Append(now).Min();
            await WriteNoteAsync(partition, cancellationToken);
        }
    }

    /// <summary>All that was read has been sent, or is kept.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < places.Length; partition++)
        {
            if (!places[partition].IsChanged || IsResting(partition))
                continue;
            try
            {
                await SaveAsync(partition, cancellationToken);
            }
            catch (BudgetUnavailableException exception)
            {
                RestAfter(partition, exception);
            }
        }
    }

    private bool IsResting(int partition) => parts.Time.GetUtcNow() < places[partition].RestsUntil;

    private void RestAfter(int partition, BudgetUnavailableException exception)
    {
        BillingLog.StepFailed(parts.Log, exception, parts.Name);
        places[partition].RestsUntil = parts.Time.GetUtcNow() + Rest;
    }

    private async Task<FeedPage?> TryReadAsync(int partition, CancellationToken cancellationToken)
    {
        var place = places[partition];
        try
        {
            var page = await parts.Feed.ReadAsync(place.Cursor, EventsOfPage, Billable).WaitAsync(cancellationToken);
            var read = new FeedPage(partition, page, place.Cursor);
            place.Cursor = page.Next;
            place.IsMoved |= page.State != EventCursorState.Good;
            place.IsChanged |= page.Through > 0 || page.State != EventCursorState.Good;
            return read;
        }
        catch (BudgetUnavailableException exception)
        {
            RestAfter(partition, exception);
            return null;
        }
    }

    private async Task SaveAsync(int partition, CancellationToken cancellationToken)
    {
        var place = places[partition];
        // A ledger that was restored has a place behind the one that was said before.
        var save = place.IsMoved ? parts.Feed.MoveAsync(consumer, place.Cursor) : parts.Feed.AcknowledgeAsync(consumer, place.Cursor);
        await save.WaitAsync(cancellationToken);
        (place.IsMoved, place.IsChanged) = (false, false);
        if (place.Since is null)
            return;
        await parts.Notes.WriteBegunAsync(partition, null, cancellationToken);
        place.Since = null;
        place.Ids.Clear();
        place.Done.Clear();
    }

    private Task WriteNoteAsync(int partition, CancellationToken cancellationToken)
    {
        var place = places[partition];
        var done = place.Done.Count == 0 ? null : place.Done.ToArray();
        var note = new BegunPage(place.Since!.Value, place.Through, place.LastId!) { Done = done };
        return parts.Notes.WriteBegunAsync(partition, note, cancellationToken);
    }

    // How far one partition has been read, and what of that has been said.
    private sealed class FeedPlace
    {
        public required EventCursor Cursor { get; set; }

        public bool IsChanged { get; set; }

        public bool IsMoved { get; set; }

        public BegunPage? Begun { get; set; }

        // Since when something of it is on its way; null for nothing.
        public DateTimeOffset? Since { get; set; }

        // What has been read behind the place that was said last, and how far.
        public List<string> Ids { get; } = [];

        public long Through { get; set; }

        public string? LastId { get; set; }

        // What of it was taken, or is dead, and is not sent again.
        public HashSet<string> Done { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset RestsUntil { get; set; }
    }
}

/// <summary>A page of a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Page">The page.</param>
/// <param name="From">The cursor that it was read from.</param>
internal sealed record FeedPage(int Partition, EventPage Page, EventCursor From);
