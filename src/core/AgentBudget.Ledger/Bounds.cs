namespace AgentBudget;

/// <summary>The bounds of everything a session holds. Every string, list and count has one, and its name is here.</summary>
public static class Bounds
{
    /// <summary>Characters of a session id, child name, tenant path or idempotency key.</summary>
    public const int IdLength = 128;

    /// <summary>Segments of a tenant's path.</summary>
    public const int TenantDepth = 8;

    /// <summary>Characters of the name of a model, a tool, a provider or an agent.</summary>
    public const int NameLength = 128;

    /// <summary>Characters of an operator's reason.</summary>
    public const int ReasonLength = 256;

    /// <summary>Tags of one session.</summary>
    public const int Tags = 16;

    /// <summary>Characters of a tag's name.</summary>
    public const int TagNameLength = 64;

    /// <summary>Characters of a tag's value.</summary>
    public const int TagValueLength = 256;

    /// <summary>Soft limits of one session.</summary>
    public const int SoftLimits = 16;

    /// <summary>Reservations of one session that are open at once.</summary>
    public const int OpenReservations = 256;

    /// <summary>Calls that wait at once for money of one session.</summary>
    public const int CallsInLine = 1_024;

    /// <summary>Shared children of one session that are open at once.</summary>
    public const int OpenChildren = 256;

    /// <summary>The most that <see cref="BudgetSessionOptions.CarvedChildren"/> may say.</summary>
    public const int CarvedChildren = 10_000;

    /// <summary>The most that <see cref="TenantSettings.OpenSessions"/> may say.</summary>
    public const int TenantSessions = 1_000_000;

    /// <summary>Names of tags by which a tenant's spend is reported.</summary>
    public const int TenantTagNames = 8;

    /// <summary>Models, tools, agents or values of a tag that a tenant's report of a day tells apart; what comes beyond is summed as
    /// <see cref="Breakdown.OtherName"/>.</summary>
    public const int TenantNames = 1_000;

    /// <summary>Closed children that a session's head still lists; older ones stand in the timeline only.</summary>
    public const int RememberedChildren = 64;

    /// <summary>Models and tools told apart in a breakdown; what comes beyond is summed as <see cref="Breakdown.OtherName"/>.</summary>
    public const int Categories = 128;

    /// <summary>Tools with a loop rule of their own.</summary>
    public const int ToolLoopRules = 64;

    /// <summary>The largest count of a loop rule.</summary>
    public const int LoopCalls = LoopMemory + 1;

    /// <summary>The largest count of a wait.</summary>
    public const int WaitingCalls = 10_000;

    /// <summary>Calls that the sense of loops remembers.</summary>
    public const int LoopMemory = 255;

    /// <summary>Entries of a timeline, the last ones, whose calls the sense of loops remembers; an activation reads no more of
    /// them.</summary>
    public const int LoopEntries = 1_024;

    /// <summary>Characters of call arguments that are normalised before they are hashed; longer ones are hashed as they are.</summary>
    public const int ArgumentsLength = 64 * 1024;

    /// <summary>Shortest and longest time to live of a reservation.</summary>
    public static readonly (TimeSpan Least, TimeSpan Most) ReservationTimeToLive = (TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));

    /// <summary>Shortest and longest idle time-out of a session.</summary>
    public static readonly (TimeSpan Least, TimeSpan Most) IdleTimeout = (TimeSpan.FromMinutes(1), TimeSpan.FromDays(90));

    /// <summary>Shortest and longest time to live of a session.</summary>
    public static readonly (TimeSpan Least, TimeSpan Most) SessionTimeToLive = (TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650));

    /// <summary>Shortest and longest wait for all to have written a pause or a stop.</summary>
    public static readonly (TimeSpan Least, TimeSpan Most) PauseAnswer = (TimeSpan.Zero, TimeSpan.FromSeconds(20));

    /// <summary>Shortest and longest time between calls that a loop rule slows down.</summary>
    public static readonly (TimeSpan Least, TimeSpan Most) LoopThrottle = (TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    /// <summary>Shortest and longest window of a loop rule.</summary>
    public static readonly (TimeSpan Least, TimeSpan Most) LoopWindow = (TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
}
