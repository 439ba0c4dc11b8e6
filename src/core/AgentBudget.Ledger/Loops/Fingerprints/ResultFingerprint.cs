using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// Gives results that say the same the same number, so that a call that brings nothing new can be told from one that does. Times,
/// durations, process ids, memory addresses, temporary files, random ids and counted attempts are masked first.
/// </summary>
/// <remarks>
/// The lower 32 bits are of the text, the upper 32 of its shape. In the shape of a result numbers are masked, unless they tell progress,
/// as <c>40%</c> and <c>3/17</c> do; in that of a failure also what it quotes, paths, and what stands in the arguments. First bits of a
/// SHA-256 each; never zero.
/// </remarks>
public static class ResultFingerprint
{
    /// <summary>The fingerprint of what a call returned.</summary>
    /// <param name="text">The text of the result; above 64 Ki characters it is taken as it is.</param>
    public static ulong Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var masked = Masked(text);
        return Of(masked, masked.Length > Bounds.ArgumentsLength ? masked : ResultShape.Of(masked));
    }

    /// <summary>The fingerprint of a failure: one that only quotes other arguments has the same shape.</summary>
    /// <param name="text">The text of the failure; above 64 Ki characters it is taken as it is.</param>
    /// <param name="argumentsJson">The arguments of the call that failed, where they are known.</param>
    public static ulong OfFailure(string text, string? argumentsJson = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var masked = Masked(text);
        return Of(masked, masked.Length > Bounds.ArgumentsLength ? masked : FailureShape.Of(masked, argumentsJson));
    }

    /// <summary>The fingerprint of an error that a call ended with: its type and message.</summary>
    /// <param name="error">The error.</param>
    /// <param name="argumentsJson">The arguments of the call that failed, where they are known.</param>
    public static ulong Of(Exception error, string? argumentsJson = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        return OfFailure($"{error.GetType().FullName}: {error.Message}", argumentsJson);
    }

    private static string Masked(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length > Bounds.ArgumentsLength ? trimmed : VolatileText.Masked(trimmed, isResult: true);
    }

    private static ulong Of(string text, string shape)
    {
        var ofText = HashOf(text);
        var ofShape = shape == text ? ofText : HashOf(shape);
        return (ofShape & ~0xFFFF_FFFFUL) | Math.Max(1, ofText & 0xFFFF_FFFFUL);
    }

    private static ulong HashOf(string text)
    {
        using var hash = new TextHash();
        hash.Add(text);
        return hash.Value();
    }
}
