namespace AgentBudget.Replay.Reading;

/// <summary>Reads a stream line by line, as bytes, without ever holding more than one line of a bounded length.</summary>
internal sealed class LineReader(Stream stream, int maxLineBytes)
{
    private const int SmallestBuffer = 16 * 1024;

    private byte[] buffer = new byte[Math.Min(SmallestBuffer, maxLineBytes + 1)];
    private int start;
    private int end;
    private bool isAtEnd;

    /// <summary>The number of the line last read, from 1.</summary>
    public int LineNumber { get; private set; }

    /// <summary>
    /// The next line without its end, good until the next read; null when there is none.
    /// </summary>
    /// <exception cref="InvalidDataException">The line is longer than allowed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var scanned = start;
        LineNumber++;
        while (true)
        {
            var found = Array.IndexOf(buffer, (byte)'\n', scanned, end - scanned);
            if (found >= 0)
                return Take(found, next: found + 1);
            if (end - start > maxLineBytes)
                throw new InvalidDataException();
            if (isAtEnd && start == end)
                return null;
            if (isAtEnd)
                return Take(end, next: end);
            scanned = end - start;
            MakeRoom();
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            isAtEnd = read == 0;
            end += read;
        }
    }

    private ReadOnlyMemory<byte> Take(int lineEnd, int next)
    {
        if (lineEnd - start > maxLineBytes)
            throw new InvalidDataException();
        var line = buffer.AsMemory(start, lineEnd - start);
        start = next;
        return line;
    }

    // Moves what is left to the front; the line being looked for begins at index 0 afterwards.
    private void MakeRoom()
    {
        if (start > 0)
        {
            Array.Copy(buffer, start, buffer, 0, end - start);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
            Array.Resize(ref buffer, (int)Math.Min(maxLineBytes + 1L, buffer.Length * 2L));
    }
}
