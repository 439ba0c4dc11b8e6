namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>Finds the documents of a response: one or several in JSON, one an event in server-sent events and in AWS's event
/// stream.</summary>
internal sealed class ResponseFraming
{
    private readonly JsonScanner scanner;
    private readonly EventPattern pattern = new();
    private readonly ResponseDocuments documents;
    private readonly ServerSentEvents events;
    private readonly AwsEvents awsEvents;
    private Form form;

    public ResponseFraming(ResponseRecord record)
    {
        var document = new FieldValues();
        scanner = new JsonScanner(WireShapes.Root, document, pattern);
        documents = new ResponseDocuments(scanner, document, record);
        events = new ServerSentEvents(scanner, pattern, documents.EndEvent, record.TakeRepeated);
        awsEvents = new AwsEvents(scanner, documents.EndPayload);
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

    /// <summary>What comes is another response.</summary>
    public void Restart()
    {
        form = Form.Unknown;
        documents.Forget();
        events.Restart();
        awsEvents.Restart();
        pattern.Restart();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (form == Form.Unknown)
            bytes = Recognize(bytes);
        switch (form)
        {
            case Form.Json or Form.JsonArray:
                AppendJson(bytes);
                break;
            case Form.ServerSentEvents:
                events.Append(bytes);
                break;
            case Form.AwsEvents:
                awsEvents.Append(bytes);
                break;
        }
    }

    private ReadOnlySpan<byte> Recognize(ReadOnlySpan<byte> bytes)
    {
        // A byte order mark, blanks and blank lines may stand in front of either.
        var first = bytes.IndexOfAnyExcept(Blank);
        if (first < 0)
            return [];
        form = bytes[first] switch
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
        while (scanner.Scan(bytes, ref at))
        {
            if (form == Form.Json)
                documents.End();
            else
                documents.EndPayload(isWhole: true);
        }
    }
}
