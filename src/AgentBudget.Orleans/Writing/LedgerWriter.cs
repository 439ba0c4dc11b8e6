using System.Security.Cryptography;
using System.Threading.Channels;
using AgentBudget.Ledger;
using AgentBudget.Orleans.Abstractions;
using AgentBudget.Orleans.Hosting;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Writing;

/// <summary>
/// The one writer of a silo: it gathers what many sessions decided and makes it durable in one go. While one batch is being written
/// the next one gathers, so that batches grow with the load by themselves.
/// </summary>
internal sealed class LedgerWriter : ILedgerWriterStatus
{
    private readonly ILedgerStore store;
    private readonly IImmediateLedgerStore? immediate;
    private readonly ILogger<LedgerWriter> logger;
    private readonly LedgerMetrics metrics;
    private readonly TimeProvider time;
    private readonly Channel<SessionJournal> queue;
    private readonly int maxSessions;
    private readonly int batchEntries;
    private Task loop = Task.CompletedTask;
    private long lastAppendId;
    // Of one session's appends the sequence tells which is which; a counter would be one place in memory that all cores fight for.
    private readonly long immediateAppends;
    private int places;
    private long writingSince;

    public LedgerWriter(ILedgerStore store, IOptions<AgentBudgetOptions> options, LedgerMetrics metrics, TimeProvider time, ILogger<LedgerWriter> logger)
    {
        this.store = store;
        immediate = store as IImmediateLedgerStore;
        this.logger = logger;
        this.metrics = metrics;
        this.time = time;
        metrics.Observe(this);
        maxSessions = options.Value.WriterQueueSessions;
        batchEntries = options.Value.WriterBatchEntries;
        MaxEntriesPerSession = options.Value.WriterQueueEntriesPerSession;
        // Bounded by the places: a journal enters only with one.
        queue = Channel.CreateUnbounded<SessionJournal>(new UnboundedChannelOptions { SingleReader = true });
        // Names appends of this writer apart from those of any other, dead or alive.
        immediateAppends = lastAppendId = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    }

    public int MaxEntriesPerSession { get; }

    public int WaitingSessions => Volatile.Read(ref places);

    public TimeSpan Lag => Volatile.Read(ref writingSince) is var since && since != 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Writes what is queued and stops. To be called when no activation decides any more.</summary>
    public async Task StopAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    /// <summary>Whether entries are written from the turn that decided them; then there is no queue.</summary>
    public bool IsImmediate => immediate is not null;

    /// <summary>Where a session's entries are written at once. To be called only when that is possible.</summary>
    public IImmediateSession ImmediateSession(string sessionId) => immediate!.SessionOf(sessionId);

    /// <summary>The name of an append that is written at once.</summary>
    public long ImmediateAppendId(long sequence) => immediateAppends + sequence;

    public bool TryTakePlace()
    {
        if (Interlocked.Increment(ref places) <= maxSessions) return true;
        Interlocked.Decrement(ref places);
        return false;
    }

    public void LeavePlace() => Interlocked.Decrement(ref places);

    public void Enqueue(SessionJournal journal)
    {
        if (!queue.Writer.TryWrite(journal)) journal.Failed(new BudgetUnavailableException("The silo is stopping; send the operation again."), endsActivation: true);
    }

    private async Task RunAsync()
    {
        var journals = new List<SessionJournal>();
        var appends = new List<SessionAppend>();
        while (await queue.Reader.WaitToReadAsync())
        {
            Gather(journals, appends);
            if (appends.Count > 0) await WriteAsync(journals, appends);
            journals.Clear();
            appends.Clear();
        }
    }

    private void Gather(List<SessionJournal> journals, List<SessionAppend> appends)
    {
        var entries = 0;
        while (entries < batchEntries && queue.Reader.TryRead(out var journal))
        {
            if (journal.Take(Interlocked.Increment(ref lastAppendId)) is not { } append) continue;
            if (!append.IsInOrder)
            {
                // A defect, and the last moment at which it is harmless.
                var violation = new LedgerLawViolationException($"Entries up to {append.Head.Sequence} do not follow entry {append.ExpectedSequence} (L7).");
                WriterLog.SessionFailed(logger, violation, append.ExpectedSequence + 1);
                Fail(journal, violation);
                continue;
            }

            journals.Add(journal);
            appends.Add(append);
            entries += append.Entries.Count;
        }
    }

    private async Task WriteAsync(List<SessionJournal> journals, List<SessionAppend> appends)
    {
        var entries = appends.Sum(append => append.Entries.Count);
        using var activity = LedgerTracing.Write(appends.Count, entries);
        try
        {
            var started = time.GetTimestamp();
            Volatile.Write(ref writingSince, started);
            var outcomes = await store.AppendAsync(appends);
            // Before the callers are told, so that who was answered finds the batch counted.
            metrics.Wrote(entries, time.GetElapsedTime(started));
            Report(journals, outcomes);
        }
        catch (LedgerStoreUnavailableException unavailable)
        {
            WriterLog.StoreUnavailable(logger, unavailable, journals.Count);
            foreach (var journal in journals) Fail(journal, unavailable);
        }
        catch (Exception exception)
        {
            // One bad row must not fail its neighbours: each session alone shows which one it is.
            WriterLog.BatchFailed(logger, exception, journals.Count);
            for (var i = 0; i < journals.Count; i++) await WriteAloneAsync(journals[i], appends[i]);
        }
        finally
        {
            Volatile.Write(ref writingSince, 0);
        }
    }

    private async Task WriteAloneAsync(SessionJournal journal, SessionAppend append)
    {
        try
        {
            Report([journal], await store.AppendAsync([append]));
        }
        catch (Exception exception)
        {
            WriterLog.SessionFailed(logger, exception, append.Entries[0].Sequence);
            Fail(journal, exception);
        }
    }

    private void Report(List<SessionJournal> journals, IReadOnlyList<AppendOutcome> outcomes)
    {
        for (var i = 0; i < journals.Count; i++)
        {
            if (outcomes[i] == AppendOutcome.Written)
            {
                journals[i].Succeeded();
                continue;
            }

            WriterLog.Fenced(logger);
            metrics.WasFenced();
            journals[i].Failed(Fenced(), endsActivation: true);
        }
    }

    public static BudgetUnavailableException Fenced() => new("The session was written from elsewhere; send the operation again with the same key.");

    // The cause is in the log. It is not handed on: exceptions of stores do not travel to other processes.
    private static void Fail(SessionJournal journal, Exception exception) => journal.Failed(new BudgetUnavailableException(
        $"The ledger could not be written: {exception.Message} Whether the operation was recorded is unknown; send it again with the same key."));
}
