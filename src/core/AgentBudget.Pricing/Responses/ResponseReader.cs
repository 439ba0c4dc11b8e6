using AgentBudget.Pricing.Responses;
using AgentBudget.Pricing.Responses.Wire;

namespace AgentBudget;

/// <summary>
/// Reads what one response says about its bill, from its bytes as they arrive: JSON, server-sent events, or the event stream of AWS, in
/// the shapes of OpenAI (chat, Responses, completions, embeddings, realtime), Azure, Anthropic, Gemini, Vertex, Mistral, Cohere, Bedrock
/// Converse and those that speak like one of them.
/// </summary>
/// <remarks>
/// Memory is bounded whatever arrives, nothing that a server sends throws, and a piece of a response costs no allocation. A document or
/// event counts once it is whole, so that a response that was cut is never read as more than it said. Not safe for use by several threads
/// at once.
/// </remarks>
public sealed class ResponseReader
{
    /// <summary>The most models beside the answering one that are told apart: 16. What more used is added to the last.</summary>
    public const int MaxOtherParts = 16;

    private readonly ResponseFraming framing;
    private readonly ResponseRecord record = new();

    /// <summary>Begins a response.</summary>
    /// <param name="origin">What is known of it beforehand; the default is nothing.</param>
    public ResponseReader(ResponseOrigin origin = default)
    {
        framing = new ResponseFraming(record);
        record.Begin(origin);
    }

    /// <summary>Begins another response, of which this reads as a new reader would: nothing of the one before is left but
    /// memory.</summary>
    /// <param name="origin">What is known of it beforehand; the default is nothing.</param>
    public void Restart(ResponseOrigin origin = default)
    {
        framing.Restart();
        record.Begin(origin);
    }

    /// <summary>Reads the next bytes, as many or as few as there are.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => framing.Append(bytes);

    /// <summary>
    /// What has been read so far. <see cref="UsageCompleteness.Final"/> comes with the bytes that end the response, before the stream
    /// that carries them ends.
    /// </summary>
    public ResponseUsage Usage => record.ToUsage();

    /// <summary>Whether <see cref="Usage"/> is final, without making it.</summary>
    public bool IsFinal => record.Completeness == UsageCompleteness.Final;

    /// <summary>Reads a whole response, or as much of one as there is.</summary>
    /// <param name="body">The body's bytes.</param>
    /// <param name="origin">What is known of it beforehand.</param>
    public static ResponseUsage Read(ReadOnlySpan<byte> body, ResponseOrigin origin = default)
    {
        var reader = new ResponseReader(origin);
        reader.Append(body);
        return reader.Usage;
    }

    /// <summary>Reads a usage object alone, as SDKs hand it on: what stands behind <c>"usage"</c> or <c>"usageMetadata"</c> in a
    /// response.</summary>
    /// <param name="usage">The object as JSON.</param>
    /// <param name="origin">What is known of the call: the provider decides what some counts mean.</param>
    public static ResponseUsage ReadUsage(ReadOnlySpan<byte> usage, ResponseOrigin origin = default)
    {
        var reader = new ResponseReader(origin);
        reader.Append("{\"usage\":"u8);
        reader.Append(usage);
        reader.Append("}"u8);
        return reader.Usage;
    }
}
