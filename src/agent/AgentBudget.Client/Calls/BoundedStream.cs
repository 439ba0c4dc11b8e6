namespace AgentBudget.Client.Calls;

/// <summary>Keeps what is written to it, and fails whoever writes too much.</summary>
internal sealed class BoundedStream(int mostBytes) : Stream
{
    private readonly MemoryStream kept = new();

    public ReadOnlySpan<byte> Written => kept.GetBuffer().AsSpan(0, (int)kept.Length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => kept.Length;

    public override long Position
    {
        get => kept.Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (kept.Length + buffer.Length > mostBytes)
            throw new IOException($"More than {mostBytes} bytes.");
        kept.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
