using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Feed;

/// <summary>What the feed logs. Ids 2200 to 2299. Consumers by the names that operators gave them.</summary>
internal static partial class FeedLog
{
    [LoggerMessage(
        2200,
        LogLevel.Warning,
        "The consumer {Consumer} has not taken events of partition {Partition} that are {Age:0.0} days old; after {Cap:0.#} days they are "
            + "let go of, taken or not. Mend it, or unregister it if it is no more."
    )]
    public static partial void NearlyOutrun(ILogger logger, string consumer, int partition, double age, double cap);
}
