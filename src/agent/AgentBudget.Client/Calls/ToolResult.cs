using System.Text.Json;

namespace AgentBudget.Client.Calls;

/// <summary>Makes fingerprints of what tools return, so that a call that brings nothing new can be told from one that does.</summary>
internal static class ToolResult
{
    /// <summary>The fingerprint of a result: of text as it is, of anything else as JSON; 0 when it has no such form.</summary>
    public static ulong FingerprintOf<T>(T result)
    {
        try
        {
            return ResultFingerprint.Of(result as string ?? JsonSerializer.Serialize(result));
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            // A stream, a delegate, a circle of references. What is not known is taken for no progress and for no repeat.
            return 0;
        }
    }

    /// <summary>The fingerprint of an error; 0 for a call that was cancelled, which says nothing about the tool.</summary>
    public static ulong FingerprintOf(Exception error) => error is OperationCanceledException ? 0 : ResultFingerprint.Of(error);
}
