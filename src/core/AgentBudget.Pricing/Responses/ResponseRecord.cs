using AgentBudget.Pricing.Responses.Shapes;
using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses;

/// <summary>What the documents of a response have said so far. A later one goes before an earlier one, and nothing is added up.</summary>
internal sealed class ResponseRecord
{
    private static readonly List<WirePart> NoParts = [];

    private readonly FieldValues told = new();
    private readonly ToolCalls calls = new();
    private ResponseOrigin origin;
    private ResponseShape shape = WireShapes.Default;
    private long textBytes;
    private bool hasUsage;
    private bool isStopped;
    private bool isPending;
    private bool isSeveral;
    private bool endsWithStop;

    // A bit each.
    private long candidates;
    private long stoppedCandidates;

    /// <summary>Forgets what was said: what comes is another response.</summary>
    public void Begin(ResponseOrigin of)
    {
        (origin, shape) = (of, WireShapes.Default);
        told.Clear();
        calls.Clear();
        (textBytes, candidates, stoppedCandidates) = (0, 0, 0);
        (hasUsage, isStopped, isPending, isSeveral, endsWithStop) = (false, false, false, false, false);
    }

    public UsageCompleteness Completeness =>
        !hasUsage ? UsageCompleteness.None
        : HasEnded && !isPending && !isSeveral && StatesAll ? UsageCompleteness.Final
        : UsageCompleteness.Partial;

    /// <summary>Takes a document that is a response of its own. Several, as in a file of a batch's results, are not one response, and what
    /// is said of the last is not the usage of all.</summary>
    public void TakeDocument(FieldValues document)
    {
        var hadUsage = hasUsage;
        isSeveral |= Take(document) && hadUsage;
        var status = document.Text(Status);
        isPending = status.SequenceEqual("queued"u8) || status.SequenceEqual("in_progress"u8);
        isStopped |= !isPending;
        if (!isPending)
            End();
    }

    /// <summary>Takes an event of a stream.</summary>
    public void TakeEvent(FieldValues document)
    {
        var hasUsage = Take(document);
        var isEnd = WireShapes.IsOneOf(document.Text(WireField.Type), WireShapes.EndTypesOf(shape));
        // One candidate that stops leaves the others going, and what was the end turns out to be none when another one appears.
        if (candidates == 0)
            isStopped |= isEnd || !document.Text(Stopped).IsEmpty;
        else
            isStopped = isEnd || (candidates & ~stoppedCandidates) == 0;
        if (isEnd || (shape.EndsWithUsage && hasUsage) || (endsWithStop && isStopped && this.hasUsage))
            End();
        else if (endsWithStop && !isStopped)
            told.Marks &= ~WireMarks.Ended;
    }

    /// <summary>Takes events that say what the last one did.</summary>
    public void TakeRepeated(long generatedBytes) => textBytes += generatedBytes;

    /// <summary>Takes the mark that ends many streams.</summary>
    public void TakeDone()
    {
        if (shape.EndsWithDone)
            End();
    }

    public ResponseUsage ToUsage()
    {
        var model = Model;
        var usage = hasUsage ? TidyUsage.Of(calls.AddTo(shape.ToUsage(told), told, shape)) : (TokenUsage?)null;
        List<BilledPart>? others = null;
        foreach (var part in Parts() ?? NoParts)
        {
            if (part.Model.Length == 0)
                usage = TidyUsage.Sum(usage ?? default, part.Usage);
            else if (!part.IsInTotal || part.Model != model)
                (others ??= []).Add(new BilledPart(part.Model, part.Usage));
        }

        return new ResponseUsage
        {
            Completeness = Completeness,
            Provider = Provider,
            Model = model,
            Usage = usage,
            OtherParts = others ?? [],
            Terms = ServedTerms.Of(told, origin),
            ProviderCost = StatedCost.Of(told),
            ResponseId = told.TextOf(ResponseId),
            IsPending = isPending,
            IsStopped = isStopped && !isSeveral && (!hasUsage || StatesAll),
            TextBytes = textBytes,
        };
    }

    private string? Provider =>
        !string.IsNullOrWhiteSpace(origin.Provider) ? origin.Provider : WireShapes.ProviderOf(told.Marks) ?? shape.Provider;

    // Bedrock sells by the name that is asked for, with its region; the response has the maker's.
    private string? Model => Provider == "bedrock" && origin.Model is { } asked ? asked : told.TextOf(WireField.Model) ?? origin.Model;

    private bool StatesAll => !told.HasUnreadable && shape.StatesAll(told, textBytes > 0);

    private bool HasEnded => (told.Marks & WireMarks.Ended) != 0;

    private void End() => told.Marks |= WireMarks.Ended;

    // What is new in a document: most events of a stream look like the one before.
    private void Recognize(WireMarks marks)
    {
        told.Marks |= marks;
        if ((marks & WireMarks.Shapes) != 0)
            shape = WireShapes.Find(told.Marks);
        // Perplexity's streams may come without the mark at the end.
        endsWithStop = shape.EndsWithStop || (shape.EndsWithDone && Provider == "perplexity");
    }

    private bool Take(FieldValues document)
    {
        document.Marks |= WireShapes.MarksOf(document.Text(WireField.Type));
        if ((document.Marks & ~told.Marks) != 0)
            Recognize(document.Marks);
        told.OverlayTexts(document);
        textBytes += document.GeneratedBytes;
        candidates |= document[Candidates];
        stoppedCandidates |= document[StoppedCandidates];
        if (document.IsRepeatable)
            return false;
        calls.Take(document);
        var hasUsage = document.HasAnyOf(WireFields.StatingUsage);
        if (hasUsage)
            told.Overlay(document, keepsCounts: shape.StatesCountsSingly);
        else
            told.OverlayUnreadable(document);
        this.hasUsage |= hasUsage;
        return hasUsage;
    }

    // Most responses are of one part.
    private List<WirePart>? Parts()
    {
        var pictures = shape.Mark == WireMarks.Responses ? OpenAiResponsesShape.ToolPictures(told) : null;
        return pictures is { } some ? [.. told.Parts ?? NoParts, some] : told.Parts;
    }
}
