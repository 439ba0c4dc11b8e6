using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Usage;

/// <summary>
/// What the updates of a stream say of its bill. A usage is final where the model has said why it finished: adapters hand one on in the
/// middle, too, and for a stream that was cut. Streams that end early (incomplete, failed) say it in the provider's own words alone.
/// </summary>
internal sealed class StreamUsage(ResponseOrigin origin)
{
    // Large, and needed only where the provider's own words are there.
    private ResponseReader? reader;
    private readonly UsageDetails sum = new();
    private TokenUsage? counted;
    private string? model;
    private string? responseId;
    private bool isFinished;
    private bool isFinal;

    /// <summary>The response's id, as soon as it is known.</summary>
    public string? ResponseId => responseId;

    /// <summary>Whether the response goes on in the background without its reader.</summary>
    public bool IsInBackground { get; private set; }

    /// <summary>Reads an update.</summary>
    public void Read(StreamedCall stream, ChatResponseUpdate update)
    {
        responseId ??= update.ResponseId;
        model = update.ModelId ?? model;
        IsInBackground |= update.ContinuationToken is not null;
        isFinished |= update.FinishReason is not null;
        var isNew = false;
        foreach (var content in update.Contents)
            isNew |= Take(stream, content);
        // One that came before the end is what was used until then.
        isFinal |= isNew && isFinished;
        if (RawUsage.Write(update.RawRepresentation) is { } raw)
        {
            reader ??= new ResponseReader(origin);
            reader.Append("data: "u8);
            reader.Append(raw);
            reader.Append("\n\n"u8);
            isNew = true;
        }

        if (isNew)
            stream.Report(Usage);
    }

    private ResponseUsage Usage
    {
        get
        {
            var told = reader?.Usage ?? new ResponseUsage { Provider = origin.Provider };
            var usage = told.Usage is { } said && said.Output >= (counted?.Output ?? 0) ? said : counted;
            return told with
            {
                Completeness =
                    usage is null ? UsageCompleteness.None
                    : isFinal || told.Completeness == UsageCompleteness.Final ? UsageCompleteness.Final
                    : UsageCompleteness.Partial,
                Usage = usage,
                Model = told.Model ?? model,
                ResponseId = told.ResponseId ?? responseId,
                IsStopped = isFinal || told.IsStopped,
            };
        }
    }

    // Returns whether it is a usage.
    private bool Take(StreamedCall stream, AIContent content)
    {
        switch (content)
        {
            case UsageContent { Details: var details } when UsageCounts.Of(details) is not null:
                // Several are parts of one usage, as whoever makes one response of the updates adds them up.
                sum.Add(details);
                counted = UsageCounts.Of(sum);
                return true;
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
