using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Exporting;

namespace AgentBudget.Billing.Sinks.Lines;

/// <summary>
/// JSON lines, appended to a file or a stream, each on the disk before the next batch. A line is a function of its event: what comes
/// again after a kill is the same to the byte, and readers drop it by its id. What a kill cut in the middle of a line is cut off first.
/// </summary>
/// <param name="open">Opens it with the first batch, and again where somebody else wrote to it, cut it, or moved it away.</param>
/// <param name="lengthNow">How long what stands under its name is; null where there is nothing. Null for a stream without a name.</param>
internal sealed class LinesSink(Func<Stream> open, Func<long?>? lengthNow = null) : IBillingSink
{
    private const byte LineEnd = (byte)'\n';

    private Stream? stream;
    private long length;
    private bool hasFailed;

    public SinkLimits Limits { get; } =
        new()
        {
            Name = "the file",
            BatchSize = 1_000,
            TakesZero = true,
        };

    /// <summary>One that appends to a file, which is made, with its folder, where it is missing.</summary>
    public static LinesSink ToFile(string path) => new(() => OpenFile(path), () => File.Exists(path) ? new FileInfo(path).Length : null);

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

            if (!hasFailed && IsOfOthers(stream))
            {
                await stream.DisposeAsync();
                stream = null;
                return NotAlone;
            }

            // Behind what was written whole: a batch that failed half way is gone.
            if (stream.CanSeek)
            {
                stream.SetLength(length);
                stream.Seek(length, SeekOrigin.Begin);
            }

            hasFailed = true;
            await stream.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), cancellationToken);
            await FlushAsync(stream, cancellationToken);
            hasFailed = false;
            length += lines.Length;
            return SinkAnswer.AllOf(costs);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SinkAnswer.NoneFor(new LeftCosts(LeftFor.Later, $"it cannot be written: {exception.Message.TrimEnd('.')}"));
        }
    }

    // What somebody else wrote is not ours to cut, and what was moved away is read no more: it is opened anew, behind what stands there.
    private static readonly SinkAnswer NotAlone = SinkAnswer.NoneFor(
        new LeftCosts(LeftFor.Later, "somebody else wrote to the file, cut it, or moved it away") { IsOfAll = true }
    );

    private bool IsOfOthers(Stream opened) =>
        opened.CanSeek && (opened.Length != length || (lengthNow is not null && lengthNow() != length));

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
            if (opened.CanSeek && opened.Length != length)
                opened.SetLength(length);
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
