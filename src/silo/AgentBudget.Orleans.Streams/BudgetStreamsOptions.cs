namespace AgentBudget;

/// <summary>How the stream provider <see cref="BudgetStreams.Provider"/> reads the feed and delivers.</summary>
public sealed class BudgetStreamsOptions
{
    /// <summary>Queues, which the silos share. Default 8; 1 to 256. Takes effect when all silos have it.</summary>
    public int Queues { get; set; } = 8;

    /// <summary>How far a queue reads ahead of what has been taken, in events: so many come again at most when it moves to another silo.
    /// A stream with a quarter of it in memory goes by itself from then on. Default 4,096; 64 to 65,536.</summary>
    public int CacheSize { get; set; } = 4_096;

    /// <summary>How often the feed is looked at. Default 250 milliseconds; 10 milliseconds to 1 minute.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// For how long an event is tried to be delivered, before another of its stream is; and how long a stream may keep its queue waiting
    /// before it goes by itself. Default 30 seconds; 1 second to 1 hour.
    /// </summary>
    public TimeSpan MaxDeliveryTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often it is written down how far deliveries have come: what was delivered since is delivered again when a queue moves
    /// or
    /// a silo dies. Default 1 second; 10 milliseconds to 1 minute.</summary>
    public TimeSpan SaveInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        if (Queues is < 1 or > 256)
            throw new ArgumentException("AgentBudget:Streams:Queues must be from 1 to 256.");
        if (CacheSize is < 64 or > 65_536)
            throw new ArgumentException("AgentBudget:Streams:CacheSize must be from 64 to 65,536.");
        Check(
            PollInterval,
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMinutes(1),
            "PollInterval must be from 10 milliseconds to 1 minute"
        );
        Check(MaxDeliveryTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "MaxDeliveryTime must be from 1 second to 1 hour");
        Check(
            SaveInterval,
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMinutes(1),
            "SaveInterval must be from 10 milliseconds to 1 minute"
        );
    }

    private static void Check(TimeSpan value, TimeSpan least, TimeSpan most, string what)
    {
        if (value < least || value > most)
            throw new ArgumentException($"AgentBudget:Streams:{what}.");
    }
}
