namespace AgentBudget;

/// <summary>The text that a call sends.</summary>
/// <param name="Messages">The texts of all messages, the system's among them. Null entries count as empty.</param>
/// <param name="ToolsJson">The definitions of tools, each as JSON text. Default: none.</param>
public sealed record PromptText(IReadOnlyList<string?> Messages, IReadOnlyList<string?>? ToolsJson = null)
{
    /// <summary>A prompt of one message.</summary>
    public static PromptText Of(string message) => new([message]);
}
