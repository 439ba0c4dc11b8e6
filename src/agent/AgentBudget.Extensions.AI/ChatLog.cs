using Microsoft.Extensions.Logging;

namespace AgentBudget.Extensions.AI;

/// <summary>What the budget of chat clients and their tools logs. Ids 1700 to 1799. No prompts, answers or session ids.</summary>
internal static partial class ChatLog
{
    [LoggerMessage(
        1700,
        LogLevel.Error,
        "A call to a model was answered, and could not be settled. Its money stays set aside, and comes back when the reservation expires; "
            + "what the call cost is then missing from the session."
    )]
    public static partial void NotSettled(ILogger logger, Exception exception);

    [LoggerMessage(1701, LogLevel.Warning, "What a call to a model cost has no price; all that was set aside for it counts as spent.")]
    public static partial void Uncosted(ILogger logger, Exception exception);

    [LoggerMessage(
        1702,
        LogLevel.Warning,
        "The cap on a call's output was set by a RawRepresentationFactory in a form that cannot be lowered, so that the call was not "
            + "clamped. Set ChatOptions.MaxOutputTokens."
    )]
    public static partial void NotClampable(ILogger logger);

    [LoggerMessage(
        1703,
        LogLevel.Warning,
        "The money of a response that is made in the background cannot be kept until it is asked for: it has no id that can be kept, or "
            + "too many are waited for. All that was set aside for it counts as spent."
    )]
    public static partial void NotKept(ILogger logger);

    [LoggerMessage(
        1704,
        LogLevel.Error,
        "A tool has run, and what it cost has no price, or could not be settled now. Its result goes to the model all the same. Without a "
            + "price all that was set aside counts as spent; a settlement that did not arrive is sent again until it does."
    )]
    public static partial void ToolNotSettled(ILogger logger, Exception exception);
}
