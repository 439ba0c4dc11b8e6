using System.Globalization;
using AgentBudget.Orleans.Feed;

namespace AgentBudget.Orleans.Streams;

/// <summary>What queues are called as consumers of the feed, <c>streams/3-of-8</c>, and those of their streams that go by themselves,
/// <c>streams/3-of-8/waiting</c>.</summary>
internal static class QueueNames
{
    private const string OfWaiting = "/waiting";
    private const string Between = "-of-";

    public static string Of(uint queue, int queues) =>
        string.Create(CultureInfo.InvariantCulture, $"{FeedConsumers.OfStreams}{queue}{Between}{queues}");

    public static string WaitingOf(string queue) => queue + OfWaiting;

    /// <summary>How many queues there were, by the name of one, or of its waiting streams; null for another consumer's.</summary>
    public static int? CountOf(string name)
    {
        if (!name.StartsWith(FeedConsumers.OfStreams, StringComparison.Ordinal))
            return null;
        var queue = name.EndsWith(OfWaiting, StringComparison.Ordinal) ? name[..^OfWaiting.Length] : name;
        var at = queue.LastIndexOf(Between, StringComparison.Ordinal);
        return at > 0 && int.TryParse(queue[(at + Between.Length)..], CultureInfo.InvariantCulture, out var count) ? count : null;
    }

    public static bool IsOfWaiting(string name) => name.EndsWith(OfWaiting, StringComparison.Ordinal);
}
