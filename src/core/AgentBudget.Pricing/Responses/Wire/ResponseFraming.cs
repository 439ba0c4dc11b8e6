namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>Finds the documents of a response: one or several in JSON, one an event in server-sent events and in AWS's event
/// stream.</summary>
internal sealed class ResponseFraming
{
    private readonly JsonScanner _scanner;
    private readonly FieldValues _document = new();
    private readonly ResponseRecord _record;
    private readonly ServerSentEvents _events;
    private readonly AwsEvents _awsEvents;
    private Form _form;

    public ResponseFraming(ResponseRecord record)
    {
        _record = record;
        _scanner = new JsonScanner(WireShapes.Root, _document);
        _events = new ServerSentEvents(_scanner, EndEvent);
        _awsEvents = new AwsEvents(_scanner, whole => EndEvent(whole, isDone: false));
    }

    private static ReadOnlySpan<byte> Blank => [0xEF, 0xBB, 0xBF, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n'];

    private enum Form : byte
    {
        Unknown,
        Json,
        JsonArray,
        ServerSentEvents,
        AwsEvents,
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_form == Form.Unknown)
            bytes = Recognize(bytes);
        switch (_form)
        {
            case Form.Json or Form.JsonArray:
                AppendJson(bytes);
                break;
            case Form.ServerSentEvents:
                _events.Append(bytes);
                break;
            case Form.AwsEvents:
                _awsEvents.Append(bytes);
                break;
        }
    }

    private ReadOnlySpan<byte> Recognize(ReadOnlySpan<byte> bytes)
    {
        // A byte order mark, blanks and blank lines may stand in front of either.
        var first = bytes.IndexOfAnyExcept(Blank);
        if (first < 0)
            return [];
        _form = bytes[first] switch
        {
            (byte)'{' => Form.Json,
            (byte)'[' => Form.JsonArray,
            0 => Form.AwsEvents,
            _ => Form.ServerSentEvents,
        };
        return bytes[first..];
    }

    private void AppendJson(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (_scanner.Scan(bytes, ref at))
        {
            if (_form == Form.Json)
                _record.TakeDocument(_document);
            else
                _record.TakeEvent(_document);
            Forget();
        }
    }

    private void EndEvent(bool isWhole, bool isDone)
    {
        if (isWhole)
            _record.TakeEvent(_document);
        if (isDone)
            _record.TakeDone();
        Forget();
    }

    private void Forget()
    {
        _document.Clear();
        _scanner.Reset();
    }
}
