namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>
/// The data of server-sent events, as the HTML standard reads them: an event counts when the blank line behind it has come, and what is
/// left at the end of the stream is dropped. The names of events are not needed: the data says it too.
/// </summary>
/// <param name="scanner">Reads the data.</param>
/// <param name="pattern">The last event.</param>
/// <param name="endEvent">Called when an event has ended, with whether its data is whole, and whether it is the mark that ends a stream;
/// answers whether it says nothing new when it comes again, whatever stands where nobody looks.</param>
/// <param name="takeRepeated">Called when events came that say what the last one did, with the bytes of generated text in them.</param>
internal sealed class ServerSentEvents(
    JsonScanner scanner,
    EventPattern pattern,
    Func<bool, bool, bool> endEvent,
    Action<long> takeRepeated
)
{
    private static ReadOnlySpan<byte> DataField => "data:"u8;

    private static ReadOnlySpan<byte> DoneMark => "[DONE]"u8;

    private Line line;
    private int fieldMatched;
    private int doneMatched;
    private bool isAfterReturn;
    private bool isWhole;
    private bool isInside;

    private enum Line : byte
    {
        Start,
        Data,
        Other,
    }

    public void Restart()
    {
        (line, fieldMatched, doneMatched) = (Line.Start, 0, 0);
        (isAfterReturn, isWhole, isInside) = (false, false, false);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        if (isAfterReturn && bytes.Length > 0)
        {
            isAfterReturn = false;
            if (bytes[0] == '\n')
                at = 1;
        }

        if (isInside)
            pattern.GiveUp();
        while (at < bytes.Length)
        {
            if (!isInside)
            {
                SkipRepeated(bytes, ref at);
                continue;
            }

            if (line == Line.Start && !ReadField(bytes, ref at))
                continue;
            ReadLine(bytes, ref at);
        }
    }

    // Returns false while it is not known what the line is.
    private bool ReadField(ReadOnlySpan<byte> bytes, ref int at)
    {
        var next = bytes[at];
        if (fieldMatched == 0 && bytes[at..].StartsWith(DataField))
        {
            at += DataField.Length;
            line = Line.Data;
            return at < bytes.Length;
        }

        if (fieldMatched == 0 && next is (byte)'\n' or (byte)'\r')
        {
            EndLine(bytes, ref at);
            EndEvent(bytes, at);
            return false;
        }

        if (next != DataField[fieldMatched])
        {
            line = Line.Other;
            return true;
        }

        at++;
        if (++fieldMatched == DataField.Length)
            line = Line.Data;
        return false;
    }

    private void SkipRepeated(ReadOnlySpan<byte> bytes, ref int at)
    {
        var start = at;
        var generated = pattern.Skip(bytes, ref at);
        if (at > start)
            takeRepeated(generated);
        if (at == bytes.Length)
            return;
        pattern.Begin(at);
        isInside = true;
    }

    private void EndEvent(ReadOnlySpan<byte> bytes, int at)
    {
        var isDone = doneMatched == DoneMark.Length;
        var isRepeatable = endEvent(isWhole, isDone);
        // One without data says nothing: the pattern stays that of the one before it.
        if (isRepeatable && !isDone)
            pattern.End(bytes, at);
        else if (isWhole || isDone)
            pattern.Forget();
        isInside = false;
        isWhole = false;
        doneMatched = 0;
    }

    private void ReadLine(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        var piece = end < 0 ? rest : rest[..end];
        if (line == Line.Data)
            ReadData(bytes[..(at + piece.Length)], at);
        at += piece.Length;
        if (end < 0)
            return;
        EndLine(bytes, ref at);
        line = Line.Start;
        fieldMatched = 0;
    }

    private void ReadData(ReadOnlySpan<byte> bytes, int at)
    {
        MatchDone(bytes[at..]);
        if (!isWhole)
            isWhole = scanner.Scan(bytes, ref at);
    }

    private void MatchDone(ReadOnlySpan<byte> data)
    {
        for (var i = 0; i < data.Length && doneMatched >= 0; i++)
        {
            if (data[i] is (byte)' ' or (byte)'\t' && doneMatched is 0 or 6)
                continue;
            doneMatched = doneMatched < DoneMark.Length && data[i] == DoneMark[doneMatched] ? doneMatched + 1 : -1;
        }
    }

    private void EndLine(ReadOnlySpan<byte> bytes, ref int at)
    {
        var isReturn = bytes[at++] == '\r';
        if (!isReturn)
            return;
        if (at == bytes.Length)
            isAfterReturn = true;
        else if (bytes[at] == '\n')
            at++;
    }
}
