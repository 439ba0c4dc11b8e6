using AgentBudget.Client.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Extensions.AI.Usage;

/// <summary>
/// What the updates of a stream say of its bill. A usage is final where the model has said why it finished: adapters hand one on in the
/// middle, too, and for a stream that was cut. Streams that end early (incomplete, failed) say it in the provider's own words alone.
/// </summary>
internal sealed class StreamUsage(ResponseOrigin origin, ILogger logger) : StreamReading<ChatResponseUpdate>(logger), IDisposable
{
    // Lent, and only where the provider's own words are there.
    private ResponseReader? reader;
    private readonly UsageParts parts = new();
    private string? model;
    private string? responseId;
    private bool isFinished;
    private bool isFinal;

    /// <summary>The response's id, as soon as it is known.</summary>
    public string? ResponseId => responseId;

    /// <summary>Whether the response goes on in the background without its reader.</summary>
    public bool IsInBackground { get; private set; }

    protected override void ReadPiece(StreamedCall stream, ChatResponseUpdate update)
    {
        responseId ??= update.ResponseId;
        model = update.ModelId ?? model;
        IsInBackground |= update.ContinuationToken is not null;
        isFinished |= update.FinishReason is not null;
        var raw = RawUsage.Write(update.RawRepresentation);
        var isNew = false;
        // Not by an enumerator, which would be made for each piece.
        for (var i = 0; i < update.Contents.Count; i++)
            isNew |= Take(stream, update.Contents[i], raw is null ? null : update.ResponseId);
        // One that came before the end is what was used until then.
        isFinal |= isNew && isFinished;
        if (raw is not null)
        {
            reader ??= ResponseReaders.Lend(origin);
            reader.Append("data: "u8);
            reader.Append(raw);
            reader.Append("\n\n"u8);
            isNew = true;
        }

        if (isNew)
            stream.Report(Usage);
    }

    /// <summary>Gives its reader back: nothing is read any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref reader, null) is { } lent)
            ResponseReaders.GiveBack(lent);
    }

    private ResponseUsage Usage
    {
        get
        {
            if (reader is null)
                return new ResponseUsage
                {
                    Provider = origin.Provider,
                    Completeness = CompletenessOf(parts.Sum, isFinal),
                    Usage = parts.Sum,
                    Model = model,
                    ResponseId = responseId,
                    IsStopped = isFinal,
                };
            var told = reader.Usage;
            // Of several responses the provider's words are those of the last.
            var usage = told.Usage is { } said && (said.Output >= (parts.Sum?.Output ?? 0) || parts.AreWithin(told)) ? said : parts.Sum;
            return told with
            {
                Completeness = CompletenessOf(usage, isFinal || told.Completeness == UsageCompleteness.Final),
                Usage = usage,
                Model = told.Model ?? model,
                ResponseId = told.ResponseId ?? responseId,
                IsStopped = isFinal || told.IsStopped,
            };
        }
    }

    private static UsageCompleteness CompletenessOf(TokenUsage? usage, bool isFinal) =>
        usage is null ? UsageCompleteness.None
        : isFinal ? UsageCompleteness.Final
        : UsageCompleteness.Partial;

    // Returns whether it is a usage.
    private bool Take(StreamedCall stream, AIContent content, string? of)
    {
        switch (content)
        {
            case UsageContent { Details: { } details }:
                return parts.Add(details, of);
            case TextContent { Text: var text }:
                stream.SawText(text);
                return false;
            case TextReasoningContent { Text: var thought }:
                stream.SawText(thought);
                return false;
            case FunctionCallContent call:
                stream.SawText(Chat.ContentText.Of(call));
                return false;
            default:
                return false;
        }
    }
}
