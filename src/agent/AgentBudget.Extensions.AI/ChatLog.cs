using Microsoft.Extensions.Logging;

namespace AgentBudget.Extensions.AI;

/// <summary>What the budget of chat clients and their tools logs. Ids 1900 to 1999. No prompts, answers or session ids.</summary>
internal static partial class ChatLog
{
    [LoggerMessage(
        1900,
        LogLevel.Warning,
        "The cap on a call's output was set by a RawRepresentationFactory in a form that cannot be lowered, so that the call was not "
            + "clamped. Set ChatOptions.MaxOutputTokens."
    )]
    public static partial void NotClampable(ILogger logger);

    [LoggerMessage(
        1901,
        LogLevel.Warning,
        "The money of a response that is made in the background cannot be kept until it is asked for: it has no id that can be kept, or "
            + "too many are waited for. All that was set aside for it counts as spent."
    )]
    public static partial void NotKept(ILogger logger);

    [LoggerMessage(
        1902,
        LogLevel.Error,
        "A tool has run, and what it cost has no price, or could not be settled now. Its result goes to the model all the same. Without a "
            + "price all that was set aside counts as spent; a settlement that did not arrive is sent again until it does."
    )]
    public static partial void ToolNotSettled(ILogger logger, Exception exception);
}
