namespace AgentBudget;

/// <summary>Tells results that are reports of a failure: many tools return an error as text, in place of failing.</summary>
public static class FailureText
{
    private static readonly string[] Beginnings =
    [
        "error:",
        "error -",
        "error[",
        "error executing",
        "error calling",
        "error running",
        "failed to ",
        "failure:",
        "fatal:",
        "exception:",
        "traceback (most recent call last)",
        "<tool_use_error>",
        "the tool call failed",
    ];

    /// <summary>Whether a result reads like the report of a failure, by its first words.</summary>
    public static bool Is(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = text.AsSpan().TrimStart();
        if (start.Length > 64)
            start = start[..64];
        foreach (var beginning in Beginnings)
        {
            if (start.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
