using AgentBudget.Ledger;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

/// <summary>How a tenant's money reaches its sessions.</summary>
public enum TenantPolicy : byte
{
    /// <summary>In slices: a session holds what it is about to need, and what lies idle is called back when others need it.</summary>
    Sliced = 0,

    /// <summary>A session's whole budget is set aside when it opens, and comes back when it ends.</summary>
    FullReservation = 1,
}

/// <summary>What a tenant may spend, and how its sessions are opened. Limits are in dollars, above $0.00, at most one billion.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-settings")]
public sealed record TenantSettings
{
    /// <summary>No limit, and nothing said.</summary>
    public static readonly TenantSettings None = new();

    [Id(0)]
    private readonly decimal[] softLimits = Owned.ListOf(BudgetSessionOptions.DefaultSoftLimits);

    [Id(1)]
    private readonly string[] tagNames = [];

    /// <summary>What may be spent in all. Default: no limit.</summary>
    [Id(2)]
    public Money? TotalLimit { get; init; }

    /// <summary>What may be spent in a calendar day. Default: no limit.</summary>
    [Id(3)]
    public Money? DailyLimit { get; init; }

    /// <summary>What may be spent in a week. Default: no limit.</summary>
    [Id(4)]
    public Money? WeeklyLimit { get; init; }

    /// <summary>What may be spent in a calendar month. Default: no limit.</summary>
    [Id(5)]
    public Money? MonthlyLimit { get; init; }

    /// <summary>The time zone of days, weeks and months, such as <c>Europe/Zurich</c>. Default: UTC. A change takes effect when each
    /// window ends.</summary>
    [Id(6)]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The day on which weeks begin. Default: Monday. A change takes effect when the week ends.</summary>
    [Id(7)]
    public DayOfWeek FirstWeekday { get; init; } = DayOfWeek.Monday;

    /// <summary>Fractions of each limit at which it is written down that so much is settled and out: once per window, and once more when
    /// the limit is raised above. Default 0.9; up to 16, each in (0, 1].</summary>
    public IReadOnlyList<decimal> SoftLimits
    {
        get => softLimits;
        init => softLimits = Owned.ListOf(value);
    }

    /// <summary>Sessions directly below it that may be open at once; those of tenants below count there. Default 100,000; 1 to
    /// 1,000,000.</summary>
    [Id(8)]
    public int OpenSessions { get; init; } = Bounds.TenantSessions / 10;

    /// <summary>What sessions are opened with where their callers say nothing.</summary>
    [Id(9)]
    public SessionDefaults Defaults { get; init; } = SessionDefaults.None;

    /// <summary>Whether a call on an id that was never opened opens it, with the defaults; these must then have a budget. Default:
    /// no.</summary>
    [Id(10)]
    public bool OpensSessions { get; init; }

    /// <summary>Whether limits refuse (default), or are only written down.</summary>
    [Id(11)]
    public SessionMode Mode { get; init; }

    /// <summary>How money reaches sessions. Default: in slices. A change holds for sessions that are opened after it.</summary>
    [Id(12)]
    public TenantPolicy Policy { get; init; }

    /// <summary>Names of tags by which spend is reported. Default: none; up to 8, of at most 64 characters.</summary>
    public IReadOnlyList<string> TagNames
    {
        get => tagNames;
        init => tagNames = Owned.ListOf(value);
    }

    /// <summary>The limit of a window; null for none.</summary>
    /// <param name="kind">Which.</param>
    public Money? LimitOf(WindowKind kind) =>
        kind switch
        {
            WindowKind.Total => TotalLimit,
            WindowKind.Day => DailyLimit,
            WindowKind.Week => WeeklyLimit,
            WindowKind.Month => MonthlyLimit,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No window of this kind."),
        };

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        foreach (var kind in Enum.GetValues<WindowKind>())
        {
            if (LimitOf(kind) is { } limit)
                Checks.Positive(limit, $"The limit ({kind})");
        }

        Checks.Name(TimeZone, "The time zone");
        if (CalendarWindows.FindZone(TimeZone) is null)
            throw new ArgumentException($"The time zone {TimeZone} is not known here; name one such as UTC or Europe/Zurich.");
        Checks.Defined(FirstWeekday, "The first weekday");
        Checks.Given(softLimits, "The soft limits");
        Checks.AtMost(SoftLimits.Count, Bounds.SoftLimits, "Soft limits");
        foreach (var limit in SoftLimits)
            Checks.Fraction(limit, zeroAllowed: false, oneAllowed: true, "A soft limit");
        if (OpenSessions is < 1 or > Bounds.TenantSessions)
            throw new ArgumentException($"The sessions open at once are {OpenSessions}; 1 to {Bounds.TenantSessions} may be.");
        Checks.Given(Defaults, "The session defaults");
        Defaults.Validate();
        if (OpensSessions && Defaults.Budget is null)
            throw new ArgumentException("Sessions are to open by themselves, and the defaults have no budget for them; give one.");
        Checks.Defined(Mode, "The mode");
        Checks.Defined(Policy, "The policy");
        Checks.Given(tagNames, "The tag names");
        Checks.AtMost(TagNames.Count, Bounds.TenantTagNames, "Tag names");
        foreach (var name in TagNames)
            Checks.Name(name, "A tag's name", Bounds.TagNameLength);
    }

    internal void AddTo(ref BodyHash hash)
    {
        foreach (var kind in Enum.GetValues<WindowKind>())
            hash.Add(LimitOf(kind)?.NanoDollars ?? -1);
        hash.Add(TimeZone);
        hash.Add((long)FirstWeekday);
        hash.Add(SoftLimits.Count);
        foreach (var limit in SoftLimits)
            hash.Add(limit);
        hash.Add(OpenSessions);
        Defaults.AddTo(ref hash);
        hash.Add(OpensSessions ? 1 : 0);
        hash.Add((long)Mode);
        hash.Add((long)Policy);
        hash.Add(TagNames.Count);
        foreach (var name in TagNames)
            hash.Add(name);
    }
}
