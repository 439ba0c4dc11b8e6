namespace AgentBudget.Robustness.Soaks;

/// <summary>What a soak showed.</summary>
public sealed record SoakResult
{
    /// <summary>The share of the due charges that has to be sent: less, and the run did not show what it was asked to.</summary>
    public const double LeastShareSent = 0.99;

    /// <summary>Memory that was looked at for less than this long says nothing.</summary>
    public static readonly TimeSpan LeastMemoryTime = TimeSpan.FromSeconds(30);

    /// <summary>What was asked for.</summary>
    public required SoakOptions Options { get; init; }

    /// <summary>What the clients counted together.</summary>
    public required SoakTotals Totals { get; init; }

    /// <summary>The waits after warm-up.</summary>
    public required WaitHistogram AfterWarmUp { get; init; }

    /// <summary>What all sessions have spent according to the ledger.</summary>
    public required Money Spent { get; init; }

    /// <summary>The memory of each silo after warm-up.</summary>
    public required IReadOnlyList<SiloMemory> Silos { get; init; }

    /// <summary>Processes that ended other than they should have.</summary>
    public required IReadOnlyList<string> BadEnds { get; init; }

    /// <summary>What clients were told they have spent.</summary>
    public Money Acknowledged => Money.FromNanoDollars(Totals.AcknowledgedNanoDollars);

    /// <summary>Charges a second that were sent.</summary>
    public double RateReached => Totals.Due == 0 ? 0 : (double)Options.Rate * Totals.Sent / Totals.Due;

    /// <summary>Whether the run was long enough to judge memory.</summary>
    public bool IsMemoryJudged => Options.Duration - Options.WarmUp >= LeastMemoryTime;

    /// <summary>What is not as it should be, each as a sentence; none when all is well.</summary>
    public IReadOnlyList<string> Problems => [.. FindProblems()];

    private IEnumerable<string> FindProblems()
    {
        if (Totals.Acknowledged == 0)
            yield return "no charge was acknowledged";
        if (Totals.Errors > 0)
            yield return FormattableString.Invariant($"{Totals.Errors:N0} calls failed; the first: {Totals.FirstError}");
        if (Totals.Sent < Totals.Due * LeastShareSent)
            yield return FormattableString.Invariant(
                $"{Totals.Due - Totals.Sent:N0} charges were not sent in time: the rate was not reached"
            );
        if (Spent != Acknowledged)
            yield return $"the ledger holds {Spent}, and clients were told {Acknowledged}";
        for (var i = 0; IsMemoryJudged && i < Silos.Count; i++)
        {
            if (Silos[i].Live is { Grows: true } live)
                yield return FormattableString.Invariant(
                    $"silo {i} keeps {SiloMemory.Megabytes(live.AtEnd - live.AtStart)} MB more alive than after warm-up"
                );
            if (Silos[i].Resident is { Grows: true } resident)
                yield return FormattableString.Invariant(
                    $"silo {i} grew by {SiloMemory.Megabytes(resident.AtEnd - resident.AtStart)} MB after warm-up"
                );
        }

        foreach (var bad in BadEnds)
            yield return bad;
    }
}

/// <summary>The memory of one silo after warm-up.</summary>
public sealed class SiloMemory
{
    private const long Megabyte = 1 << 20;

    /// <summary>
    /// What a full collection leaves, when warm-up ends and when the load has. Every session fills its memory of calls meanwhile, which
    /// is bounded (5 KiB): the floor is for that.
    /// </summary>
    public MemoryTrend Live { get; } = new(allowedShare: 0.10, allowedLeast: 32 * Megabyte);

    /// <summary>What it takes of the machine's memory. Between two full collections, which nothing urges, the collector lets it
    /// grow.</summary>
    public MemoryTrend Resident { get; } = new(allowedShare: 0.25, allowedLeast: 96 * Megabyte);

    /// <summary>Bytes in words.</summary>
    public static string Megabytes(double bytes) => FormattableString.Invariant($"{bytes / Megabyte:0.#}");
}
