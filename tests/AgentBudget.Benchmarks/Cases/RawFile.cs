using System.Threading.Channels;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>The floor of durable group commit: a bare file, records appended, one fdatasync per batch. No ledger, no fence, no
/// key.</summary>
internal sealed class RawFile : IAsyncDisposable
{
    private const int RecordBytes = 256;

    private readonly Channel<TaskCompletionSource> queue = Channel.CreateBounded<TaskCompletionSource>(65_536);
    private readonly FileStream file;
    private readonly Task loop;

    public RawFile(string path)
    {
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public async Task AppendAsync()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.Writer.WriteAsync(written);
        await written.Task;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.Complete();
        await loop;
        await file.DisposeAsync();
    }

    private void Run()
    {
        var batch = new List<TaskCompletionSource>();
        var buffer = new byte[RecordBytes * 65_536];
        var offset = 0L;
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < 65_536 && queue.Reader.TryRead(out var waiting))
                batch.Add(waiting);
            RandomAccess.Write(file.SafeFileHandle, buffer.AsSpan(0, batch.Count * RecordBytes), offset);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            offset += batch.Count * RecordBytes;
            foreach (var waiting in batch)
                waiting.SetResult();
            batch.Clear();
        }
    }
}
