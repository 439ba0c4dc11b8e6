namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>
/// The data of server-sent events, as the HTML standard reads them: an event counts when the blank line behind it has come, and what is
/// left at the end of the stream is dropped. The names of events are not needed: the data says it too.
/// </summary>
internal sealed class ServerSentEvents(JsonScanner scanner, Action<bool, bool> endEvent)
{
    private static ReadOnlySpan<byte> DataField => "data:"u8;

    private static ReadOnlySpan<byte> DoneMark => "[DONE]"u8;

    private Line _line;
    private int _fieldMatched;
    private int _doneMatched;
    private bool _isAfterReturn;
    private bool _isWhole;

    private enum Line : byte
    {
        Start,
        Data,
        Other,
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        if (_isAfterReturn && bytes.Length > 0)
        {
            _isAfterReturn = false;
            if (bytes[0] == '\n')
                at = 1;
        }

        while (at < bytes.Length)
        {
            if (_line == Line.Start && !ReadField(bytes, ref at))
                continue;
            ReadLine(bytes, ref at);
        }
    }

    // Returns false while it is not known what the line is.
    private bool ReadField(ReadOnlySpan<byte> bytes, ref int at)
    {
        var next = bytes[at];
        if (_fieldMatched == 0 && next is (byte)'\n' or (byte)'\r')
        {
            EndLine(bytes, ref at);
            endEvent(_isWhole, _doneMatched == DoneMark.Length);
            _isWhole = false;
            _doneMatched = 0;
            return false;
        }

        if (next != DataField[_fieldMatched])
        {
            _line = Line.Other;
            return true;
        }

        at++;
        if (++_fieldMatched == DataField.Length)
            _line = Line.Data;
        return false;
    }

    private void ReadLine(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        var piece = end < 0 ? rest : rest[..end];
        if (_line == Line.Data)
            ReadData(piece);
        at += piece.Length;
        if (end < 0)
            return;
        EndLine(bytes, ref at);
        _line = Line.Start;
        _fieldMatched = 0;
    }

    private void ReadData(ReadOnlySpan<byte> data)
    {
        MatchDone(data);
        var at = 0;
        if (!_isWhole)
            _isWhole = scanner.Scan(data, ref at);
    }

    private void MatchDone(ReadOnlySpan<byte> data)
    {
        for (var i = 0; i < data.Length && _doneMatched >= 0; i++)
        {
            if (data[i] is (byte)' ' or (byte)'\t' && _doneMatched is 0 or 6)
                continue;
            _doneMatched = _doneMatched < DoneMark.Length && data[i] == DoneMark[_doneMatched] ? _doneMatched + 1 : -1;
        }
    }

    private void EndLine(ReadOnlySpan<byte> bytes, ref int at)
    {
        var isReturn = bytes[at++] == '\r';
        if (!isReturn)
            return;
        if (at == bytes.Length)
            _isAfterReturn = true;
        else if (bytes[at] == '\n')
            at++;
    }
}
