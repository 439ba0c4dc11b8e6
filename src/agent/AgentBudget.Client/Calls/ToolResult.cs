using System.Text;
using System.Text.Json;

namespace AgentBudget.Client.Calls;

/// <summary>Makes fingerprints of what tools return, so that a call that brings nothing new can be told from one that does.</summary>
internal static class ToolResult
{
    /// <summary>The largest result that is told apart, in bytes of JSON: writing it out must not cost more than the tool.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>
    /// The call with what came of it: the fingerprint of text as it is, of anything else as JSON, none when it has no such form or a very
    /// long one; and whether the text is the report of a failure.
    /// </summary>
    public static Call Report<T>(Call call, T result, string? argumentsJson)
    {
        try
        {
            var text = result as string ?? Json(result);
            var (fingerprint, hasFailed) = CallOutcome.Of(text, argumentsJson);
            return call with { Result = fingerprint, Failed = hasFailed };
        }
        catch (Exception)
        {
            // A stream, a delegate, a circle of references, a property of the program's own that throws, a list without an end. What is not
            // known is taken for no progress and for no repeat.
            return call;
        }
    }

    private static string Json<T>(T result)
    {
        using var written = new BoundedStream(MostBytes);
        JsonSerializer.Serialize(written, result);
        return Encoding.UTF8.GetString(written.Written);
    }

    /// <summary>The fingerprint of an error; 0 for a call that was cancelled, which says nothing about the tool.</summary>
    public static ulong FingerprintOf(Exception error, string? argumentsJson)
    {
        if (error is OperationCanceledException)
            return 0;
        try
        {
            return ResultFingerprint.Of(error, argumentsJson);
        }
        catch (Exception)
        {
            // An error whose own words fail.
            return 0;
        }
    }
}
