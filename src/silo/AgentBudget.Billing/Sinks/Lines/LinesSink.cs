using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Exporting;

namespace AgentBudget.Billing.Sinks.Lines;

/// <summary>
/// JSON lines, appended to a file or a stream, each on the disk before the next batch. A line is a function of its event: what comes
/// again after a kill is the same to the byte, and readers drop it by its id. What a kill cut in the middle of a line is cut off first.
/// </summary>
/// <param name="open">Opens it, once, with the first batch.</param>
internal sealed class LinesSink(Func<Stream> open) : IBillingSink
{
    private const byte LineEnd = (byte)'\n';

    private Stream? stream;
    private long length;

    public SinkLimits Limits { get; } =
        new()
        {
            Name = "the file",
            BatchSize = 1_000,
            TakesZero = true,
        };

    /// <summary>One that appends to a file, which is made, with its folder, where it is missing. Nobody else writes it meanwhile.</summary>
    public static LinesSink ToFile(string path) => new(() => OpenFile(path));

    public async Task<SinkAnswer> SendAsync(IReadOnlyList<BilledCost> costs, CancellationToken cancellationToken)
    {
        try
        {
            stream ??= await OpenAsync(cancellationToken);
            using var lines = new MemoryStream();
            foreach (var cost in costs)
            {
                lines.Write(CostJson.Line(cost));
                lines.WriteByte(LineEnd);
            }

            // Behind what was written whole: a batch that failed half way is gone.
            if (stream.CanSeek)
            {
                stream.SetLength(length);
                stream.Seek(length, SeekOrigin.Begin);
            }

            await stream.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), cancellationToken);
            await FlushAsync(stream, cancellationToken);
            length += lines.Length;
            return SinkAnswer.AllOf(costs);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SinkAnswer.NoneFor(new LeftCosts(LeftFor.Later, $"it cannot be written: {exception.Message.TrimEnd('.')}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (stream is not null)
            await stream.DisposeAsync();
    }

    private static FileStream OpenFile(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
    }

    private static async Task FlushAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken);
        if (stream is FileStream file)
            file.Flush(flushToDisk: true);
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var opened = open();
        try
        {
            length = opened.CanSeek ? await FindEndAsync(opened, cancellationToken) : 0;
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    // Behind the last end of a line: what stands after it was cut.
    private static async Task<long> FindEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[4_096];
        for (var end = stream.Length; end > 0; )
        {
            var size = (int)Math.Min(buffer.Length, end);
            stream.Seek(end - size, SeekOrigin.Begin);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, size), cancellationToken);
            if (buffer.AsSpan(0, size).LastIndexOf(LineEnd) is var at and >= 0)
                return end - size + at + 1;
            end -= size;
        }

        return 0;
    }
}
