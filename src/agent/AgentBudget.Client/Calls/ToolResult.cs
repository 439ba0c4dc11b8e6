using System.Text.Json;

namespace AgentBudget.Client.Calls;

/// <summary>Makes fingerprints of what tools return, so that a call that brings nothing new can be told from one that does.</summary>
internal static class ToolResult
{
    /// <summary>
    /// The call with what came of it: the fingerprint of text as it is, of anything else as JSON, none when it has no such form; and
    /// whether the text is the report of a failure.
    /// </summary>
    public static Call Report<T>(Call call, T result, string? argumentsJson)
    {
        try
        {
            var text = result as string ?? JsonSerializer.Serialize(result);
            var (fingerprint, hasFailed) = CallOutcome.Of(text, argumentsJson);
            return call with { Result = fingerprint, Failed = hasFailed };
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            // A stream, a delegate, a circle of references. What is not known is taken for no progress and for no repeat.
            return call;
        }
    }

    /// <summary>The fingerprint of an error; 0 for a call that was cancelled, which says nothing about the tool.</summary>
    public static ulong FingerprintOf(Exception error, string? argumentsJson) =>
        error is OperationCanceledException ? 0 : ResultFingerprint.Of(error, argumentsJson);
}
