using AgentBudget.Replay.Reading;

namespace AgentBudget;

/// <summary>
/// Reads recorded runs: JSON lines, a header and then one event a line in time order. A run is read as a whole or not at all, line by
/// line, and never holds more than <see cref="Trace.MaxEvents"/> events.
/// </summary>
public static class TraceReader
{
    /// <summary>Reads and checks a file.</summary>
    /// <param name="file">The path of the file.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="TraceException">The file cannot be read, or a line of it is wrong.</exception>
    public static async Task<Trace> ReadAsync(string file, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        if (Directory.Exists(file))
            throw new TraceException(file, "is a folder; name the trace files in it.");
        if (!File.Exists(file))
            throw new TraceException(file, "there is no such file; check the path.");
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return await ReadAsync(file, stream, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TraceException(file, $"cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads and checks a stream.</summary>
    /// <param name="file">What to call it in errors.</param>
    /// <param name="stream">The text, in UTF-8.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="TraceException">A line is wrong.</exception>
    public static async Task<Trace> ReadAsync(string file, Stream stream, CancellationToken cancellationToken = default)
    {
        var lines = new LineReader(stream, Trace.MaxLineBytes);
        var (agent, start) = await ReadHeaderAsync(file, lines, cancellationToken);
        var events = new List<TraceEvent>();
        while (await ReadLineAsync(file, lines, cancellationToken) is { } bytes)
        {
            if (IsBlank(bytes))
                continue;
            if (events.Count == Trace.MaxEvents)
                throw new TraceException(file, lines.LineNumber, $"a run may have at most {Trace.MaxEvents} events; split the file.");
            var previous = events.Count == 0 ? TimeSpan.Zero : events[^1].Elapsed;
            events.Add(TraceLine.Read(file, lines.LineNumber, bytes, line => EventReader.Read(line, events.Count + 1, previous)));
        }

        return new Trace
        {
            File = file,
            Agent = agent,
            Start = start,
            Events = events,
        };
    }

    private static async Task<(string? Agent, DateTimeOffset Start)> ReadHeaderAsync(
        string file,
        LineReader lines,
        CancellationToken cancellationToken
    )
    {
        if (await ReadLineAsync(file, lines, cancellationToken) is not { } bytes)
            throw new TraceException(file, $"is empty; the first line must be a header with \"format\":{Trace.Format}.");
        return TraceLine.Read(file, lines.LineNumber, WithoutByteOrderMark(bytes), HeaderReader.Read);
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(string file, LineReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadAsync(cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw new TraceException(
                file,
                lines.LineNumber,
                $"the line is longer than {Trace.MaxLineBytes} bytes; hash long arguments.",
                exception
            );
        }
    }

    private static bool IsBlank(ReadOnlyMemory<byte> line) => !line.Span.ContainsAnyExcept(" \t\r"u8);

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> line)
    {
        var mark = "\uFEFF"u8;
        return line.Span.StartsWith(mark) ? line[mark.Length..] : line;
    }
}
