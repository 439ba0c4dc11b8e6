namespace AgentBudget.Ledger.Tenants;

/// <summary>Who was asked in the recall that runs, how much those can bring who have not answered, and until when it waits.</summary>
internal sealed class RecallRound
{
    /// <summary>How long a recall waits for the next answer, once one has come: that of a silo that is away never comes. The first may take
    /// the whole of <see cref="Longest"/>, where a thousand run dry at once.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a recall takes at most, for whoever asks waits for it; as much longer as a silence where it was widened.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1_500);

    private const int CoveredTimes = 4;

    /// <summary>How much longer a tenant waits than those below it, whose own recalls have to end first.</summary>
    private static readonly TimeSpan LongerByLevel = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, Money> unanswered = [];
    private readonly HashSet<string> asked = [];
    private Money expected;
    private bool hasTenants;
    private DateTimeOffset began;
    private TimeSpan longest;
    private bool isWidened;
    private DateTimeOffset ends;

    /// <summary>When it is over, were no more answers to come.</summary>
    public DateTimeOffset Ends => ends;

    /// <summary>How many are asked.</summary>
    public int Count => asked.Count;

    /// <summary>Forgets the round before.</summary>
    public void Clear()
    {
        unanswered.Clear();
        asked.Clear();
        (expected, hasTenants, isWidened) = (Money.Zero, false, false);
    }

    /// <summary>Waits for those asked from now on.</summary>
    /// <param name="depth">The level of the tenant.</param>
    /// <param name="now">The time.</param>
    public void Begin(int depth, DateTimeOffset now)
    {
        (began, longest) = (now, Longest + (LongerByLevel * (Bounds.TenantDepth - depth)));
        ends = EndsLatest;
    }

    /// <summary>Asks a holder, which can bring all that is out with it at most.</summary>
    public void Ask(HolderRow row)
    {
        asked.Add(row.HolderId);
        hasTenants |= TenantLedgers.IsId(row.HolderId);
        unanswered[row.HolderId] = row.Out;
        expected += row.Out;
    }

    /// <summary>Whether a holder has been asked.</summary>
    public bool HasAsked(string holderId) => asked.Contains(holderId);

    /// <summary>Whether those who have not answered can bring an amount several times: much of what is out is in use.</summary>
    public bool Covers(Money amount, int times = 1) => expected.NanoDollars / (times * CoveredTimes) >= amount.NanoDollars;

    /// <summary>Whether more may be asked: the round is not made longer for ever.</summary>
    public bool MayWiden(DateTimeOffset now) => now < began + longest + Silence;

    /// <summary>More have been asked.</summary>
    public void Widened(DateTimeOffset now)
    {
        isWidened = true;
        var later = EndAfterSilence(now);
        ends = later > ends ? later : ends;
    }

    /// <summary>A holder has answered.</summary>
    public void Answered(string holderId, DateTimeOffset now)
    {
        if (Drop(holderId))
            ends = EndAfterSilence(now);
    }

    /// <summary>Nothing is expected of a holder any more.</summary>
    /// <returns>Whether anything was.</returns>
    public bool Drop(string holderId)
    {
        if (!unanswered.Remove(holderId, out var amount))
            return false;
        expected -= amount;
        return true;
    }

    /// <summary>Whether all have answered, nobody else does, or its time is up.</summary>
    public bool IsOver(DateTimeOffset now) => unanswered.Count == 0 || now >= ends;

    // A tenant below answers when its own recall has ended.
    private TimeSpan Silence => hasTenants ? longest : LongestSilence;

    private DateTimeOffset EndsLatest => isWidened ? began + longest + Silence : began + longest;

    private DateTimeOffset EndAfterSilence(DateTimeOffset now) => now + Silence < EndsLatest ? now + Silence : EndsLatest;
}
