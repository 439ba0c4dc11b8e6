using System.Text;

namespace AgentBudget;

/// <summary>
/// What has been seen of a streamed call: its bytes, or what an SDK made of them. From it the call is settled, however it ends. Not safe
/// for use by several threads at once.
/// </summary>
public sealed class StreamedCall
{
    private readonly ResponseOrigin origin;

    // Large, and needed only by callers that have the bytes.
    private ResponseReader? reader;
    private ResponseUsage? reported;
    private long textBytes;

    internal StreamedCall(ResponseOrigin origin) => this.origin = origin;

    /// <summary>What was said so far.</summary>
    public ResponseUsage Usage
    {
        get
        {
            var usage = reported ?? reader?.Usage ?? Nothing;
            if (textBytes <= usage.TextBytes)
                return usage;
            usage = usage with { TextBytes = textBytes };
            // It is large, and asked for more than once.
            if (reported is not null)
                reported = usage;
            return usage;
        }
    }

    /// <summary>Whether the final usage has been said.</summary>
    internal bool IsFinal => reported is { } told ? told.Completeness == UsageCompleteness.Final : reader is { IsFinal: true };

    /// <summary>Reads the next bytes of the response.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => (reader ??= new ResponseReader(origin)).Append(bytes);

    /// <summary>For callers without the bytes: text that was generated, tool arguments and thoughts included.</summary>
    public void SawText(ReadOnlySpan<char> text) => textBytes += Encoding.UTF8.GetByteCount(text);

    /// <summary>For callers without the bytes: the usage that an SDK handed on. The last report counts.</summary>
    /// <param name="usage">The counts so far, inclusive.</param>
    /// <param name="isFinal">Whether the response has come to its end.</param>
    /// <exception cref="ArgumentException">No count stands in it: a usage that was not given is not one of zero.</exception>
    public void Report(TokenUsage usage, bool isFinal)
    {
        if (usage.IsZero)
            throw new ArgumentException(
                "The usage has no counts; report nothing where the SDK gave nothing, and the call is settled by what was seen."
            );
        reported = new ResponseUsage
        {
            Usage = usage,
            Completeness = isFinal ? UsageCompleteness.Final : UsageCompleteness.Partial,
            IsStopped = isFinal,
        };
    }

    /// <summary>For callers without the bytes: what a reader of their own made of them. The last report counts.</summary>
    public void Report(ResponseUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        reported = usage;
    }

    private ResponseUsage Nothing =>
        new()
        {
            Provider = origin.Provider,
            Model = origin.Model,
            Terms = new CallTerms(Region: origin.Region),
        };
}
