using AgentBudget.Pricing.Responses.Shapes;
using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses;

/// <summary>What the documents of a response have said so far. A later one goes before an earlier one, and nothing is added up.</summary>
internal sealed class ResponseRecord(ResponseOrigin origin)
{
    private readonly FieldValues _told = new();
    private ResponseShape _shape = WireShapes.Default;
    private readonly ToolCalls _calls = new();
    private long _textBytes;
    private bool _hasUsage;
    private bool _isStopped;
    private bool _isPending;

    public UsageCompleteness Completeness =>
        !_hasUsage ? UsageCompleteness.None
        : HasEnded && !_isPending ? UsageCompleteness.Final
        : UsageCompleteness.Partial;

    /// <summary>Takes a document that is a response of its own.</summary>
    public void TakeDocument(FieldValues document)
    {
        Take(document);
        var status = document.Text(Status);
        _isPending = status.SequenceEqual("queued"u8) || status.SequenceEqual("in_progress"u8);
        _isStopped |= !_isPending;
        if (!_isPending)
            End();
    }

    /// <summary>Takes an event of a stream.</summary>
    public void TakeEvent(FieldValues document)
    {
        var hasUsage = Take(document);
        var isEnd = WireShapes.IsOneOf(document.Text(WireField.Type), WireShapes.EndTypesOf(_shape));
        _isStopped |= isEnd || (!document.Text(Stopped).IsEmpty && !IsNone(document.Text(Stopped)));
        if (isEnd || (_shape.EndsWithUsage && hasUsage) || (EndsWithStop && _isStopped && _hasUsage))
            End();
    }

    /// <summary>Takes the mark that ends many streams.</summary>
    public void TakeDone()
    {
        if (_shape.EndsWithDone)
            End();
    }

    public ResponseUsage ToUsage()
    {
        var model = Model;
        var usage = _hasUsage ? TidyUsage.Of(_calls.AddTo(_shape.ToUsage(_told), _told, _shape)) : (TokenUsage?)null;
        var others = new List<BilledPart>();
        foreach (var part in Parts())
        {
            if (part.Model.Length == 0)
                usage = TidyUsage.Sum(usage ?? default, part.Usage);
            else if (!part.IsInTotal || part.Model != model)
                others.Add(new BilledPart(part.Model, part.Usage));
        }

        return new ResponseUsage
        {
            Completeness = Completeness,
            Provider = Provider,
            Model = model,
            Usage = usage,
            OtherParts = others,
            Terms = ServedTerms.Of(_told, origin),
            ProviderCost = StatedCost.Of(_told),
            ResponseId = _told.TextOf(ResponseId),
            IsPending = _isPending,
            IsStopped = _isStopped,
            TextBytes = _textBytes,
        };
    }

    // Perplexity's streams may come without the mark at the end.
    private bool EndsWithStop => _shape.EndsWithStop || (_shape.EndsWithDone && Provider == "perplexity");

    private string? Provider =>
        !string.IsNullOrWhiteSpace(origin.Provider) ? origin.Provider : WireShapes.ProviderOf(_told.Marks) ?? _shape.Provider;

    // Bedrock sells by the name that is asked for, with its region; the response has the maker's.
    private string? Model => Provider == "bedrock" && origin.Model is { } asked ? asked : _told.TextOf(WireField.Model) ?? origin.Model;

    private bool HasEnded => (_told.Marks & WireMarks.Ended) != 0;

    private void End() => _told.Marks |= WireMarks.Ended;

    private bool Take(FieldValues document)
    {
        document.Marks |= WireShapes.MarksOf(document.Text(WireField.Type));
        _told.Marks |= document.Marks;
        if ((document.Marks & WireMarks.Shapes) != 0)
            _shape = WireShapes.Find(_told.Marks);
        _calls.Take(document);
        _told.OverlayTexts(document);
        _textBytes += document.GeneratedBytes;
        var hasUsage = document.HasAnyOf(WireFields.StatingUsage);
        if (hasUsage)
            _told.Overlay(document, keepsCounts: _shape.StatesCountsSingly);
        _hasUsage |= hasUsage;
        return hasUsage;
    }

    private IEnumerable<WirePart> Parts()
    {
        foreach (var part in _told.Parts ?? [])
            yield return part;
        if (_shape.Mark == WireMarks.Responses && OpenAiResponsesShape.ToolPictures(_told) is { } pictures)
            yield return pictures;
    }

    // Gemini's name for "not yet".
    private static bool IsNone(ReadOnlySpan<byte> reason) => reason.SequenceEqual("FINISH_REASON_UNSPECIFIED"u8);
}
