using System.Buffers;
using System.Runtime.CompilerServices;

namespace AgentBudget.Http.Responses;

/// <summary>
/// Passes on what it reads, piece by piece as it comes, and lets no piece go before its call is settled that completes the usage.
/// </summary>
internal sealed class WatchedStream(Stream inner, ResponseWatch watch) : Stream
{
    private (CancellationToken Of, CancellationTokenSource Linked)? either;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await ReadUncutAsync(buffer, cancellationToken);
        }
        catch (Exception exception)
        {
            await watch.CutAsync(exception);
            watch.ThrowIfCut(exception, cancellationToken);
            throw;
        }

        if (IsEnd(read, buffer.Length) || watch.Completes(buffer.Span[..read]))
            await watch.SettleAsync();
        return read;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadUncutAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var cut = watch.CutToken;
        if (!cut.CanBeCanceled)
            return await inner.ReadAsync(buffer, cancellationToken);
        if (!cancellationToken.CanBeCanceled)
            return await inner.ReadAsync(buffer, cut);
        // Readers mostly give the same token again and again.
        if (either is null || either.Value.Of != cancellationToken)
        {
            either?.Linked.Dispose();
            either = (cancellationToken, CancellationTokenSource.CreateLinkedTokenSource(cut, cancellationToken));
        }

        return await inner.ReadAsync(buffer, either.Value.Linked.Token);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        if (!watch.CutToken.CanBeCanceled)
            return ReadHere(buffer);
        var rented = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            var read = Read(rented, 0, buffer.Length);
            rented.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // A read that blocks hears of nothing; one that is waited for can be cut.
    public override int Read(byte[] buffer, int offset, int count) =>
        watch.CutToken.CanBeCanceled
            ? Blocking.Wait(() => ReadAsync(buffer.AsMemory(offset, count)).AsTask())
            : ReadHere(buffer.AsSpan(offset, count));

    private int ReadHere(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (Exception exception)
        {
            Blocking.Wait(() => watch.CutAsync(exception));
            throw;
        }

        if (IsEnd(read, buffer.Length) || watch.Completes(buffer[..read]))
            Blocking.Wait(() => watch.SettleAsync().AsTask());
        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await watch.AbandonAsync();
        either?.Linked.Dispose();
        await base.DisposeAsync();
    }

    // SDKs dispose streams synchronously: the settlement goes on behind, and whoever asks for a report waits for it.
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ = watch.AbandonAsync();
            either?.Linked.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool IsEnd(int read, int wanted) => read == 0 && wanted > 0;
}
