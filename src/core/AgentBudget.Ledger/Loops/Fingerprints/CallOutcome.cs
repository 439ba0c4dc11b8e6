namespace AgentBudget;

/// <summary>What came of a call, as the sense of loops knows it.</summary>
/// <param name="Result">The fingerprint of its result, for <see cref="Call.Result"/>.</param>
/// <param name="Failed">Whether it failed, for <see cref="Call.Failed"/>.</param>
public readonly record struct CallOutcome(ulong Result, bool Failed)
{
    /// <summary>
    /// What a text says that a tool returned or failed with. Many tools return an error as text and say that all is well: text that begins
    /// as an error does is a failure, whatever the tool said, see <see cref="FailureText"/>.
    /// </summary>
    /// <param name="text">The text of the result.</param>
    /// <param name="argumentsJson">The arguments of the call, where they are known: what a failure quotes of them is left out.</param>
    /// <param name="hasFailed">Whether the tool said that it failed. Default: it did not.</param>
    public static CallOutcome Of(string text, string? argumentsJson = null, bool hasFailed = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return hasFailed || FailureText.Is(text)
            ? new CallOutcome(ResultFingerprint.OfFailure(text, argumentsJson), Failed: true)
            : new CallOutcome(ResultFingerprint.Of(text), Failed: false);
    }
}
