namespace AgentBudget.Webhooks.Delivering;

/// <summary>When a post that failed is tried again: the schedule that Standard Webhooks proposes. 75 hours, 35 minutes and 5 seconds lie
/// between the first attempt and the last.</summary>
internal static class RetrySchedule
{
    /// <summary>Attempts for which an event holds up the later ones of its session.</summary>
    public const int FirstTries = 2;

    /// <summary>How often an endpoint is tried for which so much waits that nothing new is read.</summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromMinutes(5);

    /// <summary>The longest time that an endpoint can ask for by <c>Retry-After</c>.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>How many attempts there are in all.</summary>
    public static int Attempts => Pauses.Length + 1;

    /// <summary>How long to wait after some attempts have failed; null when that was the last.</summary>
    /// <param name="failed">How many: at least 1.</param>
    public static TimeSpan? After(int failed) => failed <= Pauses.Length ? Pauses[failed - 1] : null;
}
