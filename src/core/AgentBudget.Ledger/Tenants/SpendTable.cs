namespace AgentBudget.Ledger.Tenants;

/// <summary>
/// What a tenant spent in one day, gathered from the entries of its timeline. Bounded: of one kind of names it keeps the 1,000 dearest when
/// there are twice as many, and puts the rest together, so that sums stay exact whatever is forgotten.
/// </summary>
/// <param name="start">When the day begins.</param>
/// <param name="end">When it ends.</param>
/// <param name="tags">The tags that are told apart; any others are passed over.</param>
internal sealed class SpendTable(DateTimeOffset start, DateTimeOffset end, IReadOnlyList<string> tags)
{
    /// <summary>Names of one kind that are told apart.</summary>
    public const int MostNames = Bounds.TenantNames;

    private readonly Dictionary<(SpendBy By, string? Tag), Names> lists = [];
    private readonly SortedDictionary<long, Money> quarters = [];
    private readonly RunTable runs = new();

    public DateTimeOffset End => end;

    public DateTimeOffset Start => start;

    /// <summary>Whether it is of the same day as another and tells the same tags apart.</summary>
    public bool IsLike(SpendTable other) => (start, end) == (other.Start, other.End) && tags.SequenceEqual(other.Tags);

    public IReadOnlyList<string> Tags => tags;

    /// <summary>The last entry that it has seen.</summary>
    public long Through { get; set; }

    /// <summary>The entries that have to be seen: those from this time on.</summary>
    public DateTimeOffset FirstOf(DateTimeOffset now)
    {
        var burn = CalendarWindows.QuarterOf(now) - TimeSpan.FromDays(1);
        return start < burn ? start : burn;
    }

    /// <summary>Adds the next entry of the timeline.</summary>
    public void Add(Entry entry)
    {
        Through = entry.Sequence;
        if (entry.Holder is not { } change)
            return;
        foreach (var sum in change.ByQuarter)
            quarters[sum.Quarter] = quarters.GetValueOrDefault(sum.Quarter) + sum.Amount;
        foreach (var sum in change.ByName)
        {
            if (IsWithin(sum.Quarter) && (sum.Tag is null || tags.Contains(sum.Tag)))
                ListOf(sum.By, sum.Tag).Add(sum);
        }

        foreach (var run in change.Runs)
        {
            if (IsWithin(run.Quarter))
                runs.Add(run);
        }
    }

    /// <summary>What it says, beside what the head says of limits.</summary>
    /// <param name="head">The head, as of the last entry or close to it.</param>
    /// <param name="most">How many names of each kind.</param>
    /// <param name="now">The time.</param>
    public TenantSpend ToSpend(SessionHead head, int most, DateTimeOffset now)
    {
        var report = TenantReport.Of(head)!;
        var spent = Sum(start, end);
        var (all, byAgent) = runs.ToCosts(most);
        return new TenantSpend
        {
            Path = report.Path,
            Sequence = Through,
            Start = start,
            End = end,
            Spent = spent,
            Lists =
            [
                ToList(SpendBy.Model, null, null, most),
                ToList(SpendBy.Tool, null, null, most),
                ToList(SpendBy.Agent, null, spent, most),
                .. tags.Distinct().Select(tag => ToList(SpendBy.Tag, tag, spent, most)),
            ],
            Runs = all,
            RunsByAgent = byAgent,
            LastHour = Burn(report, TimeSpan.FromHours(1), now),
            LastDay = Burn(report, TimeSpan.FromDays(1), now),
        };
    }

    private bool IsWithin(long quarter) =>
        quarter >= start.UtcTicks / CalendarWindows.Quarter.Ticks && quarter < end.UtcTicks / CalendarWindows.Quarter.Ticks;

    private Names ListOf(SpendBy by, string? tag)
    {
        if (!lists.TryGetValue((by, tag), out var list))
            lists[(by, tag)] = list = new Names();
        return list;
    }

    private SpendList ToList(SpendBy by, string? tag, Money? all, int most)
    {
        var lines = lists.TryGetValue((by, tag), out var list) ? list.ToLines(most) : [];
        if (all is { } spent && spent - lines.Aggregate(Money.Zero, (sum, line) => sum + line.Spent) is var rest && rest != Money.Zero)
            lines.Add(new SpendLine(TenantSpend.NoName, rest, Calls() - lines.Sum(line => line.Calls)));
        return new SpendList(by, tag, lines);
    }

    private long Calls() => lists.Where(pair => pair.Key.By is SpendBy.Model or SpendBy.Tool).Sum(pair => pair.Value.Calls);

    private Money Sum(DateTimeOffset from, DateTimeOffset until)
    {
        var (first, behind) = (QuarterSum.Of(from), QuarterSum.Of(until));
        return quarters.Where(pair => pair.Key >= first && pair.Key < behind).Aggregate(Money.Zero, (sum, pair) => sum + pair.Value);
    }

    private BurnRate Burn(TenantReport report, TimeSpan stretch, DateTimeOffset now)
    {
        var since = CalendarWindows.QuarterOf(now) - stretch;
        var (spent, over) = (Sum(since, now + CalendarWindows.Quarter), now - since);
        return new BurnRate
        {
            Since = since,
            Over = over,
            Spent = spent,
            TimeLeft = [.. report.Sums.Select(sums => TimeLeft(sums.Available, spent, over))],
        };
    }

    private static TimeSpan? TimeLeft(Money? available, Money spent, TimeSpan over)
    {
        if (available is not { } left || spent <= Money.Zero)
            return null;
        var ticks = (Int128)left.NanoDollars * over.Ticks / spent.NanoDollars;
        return ticks < TimeSpan.MaxValue.Ticks ? new TimeSpan((long)ticks) : TimeSpan.MaxValue;
    }

    private sealed class Names
    {
        private readonly Dictionary<string, (Money Spent, long Calls)> names = new(StringComparer.Ordinal);
        private (Money Spent, long Calls) other;

        public long Calls => names.Values.Sum(name => name.Calls) + other.Calls;

        public void Add(NamedSum sum)
        {
            if (sum.Name == Breakdown.OtherName)
            {
                other = (other.Spent + sum.Amount, other.Calls + sum.Calls);
                return;
            }

            var before = names.GetValueOrDefault(sum.Name);
            names[SharedNames.Share(sum.Name)] = (before.Spent + sum.Amount, before.Calls + sum.Calls);
            if (names.Count <= 2 * MostNames)
                return;
            foreach (var line in Dearest().Skip(MostNames).ToArray())
            {
                names.Remove(line.Name);
                other = (other.Spent + line.Spent, other.Calls + line.Calls);
            }
        }

        public List<SpendLine> ToLines(int most)
        {
            var dearest = Dearest().ToArray();
            var (kept, rest) = (dearest.Take(most).ToList(), dearest.Skip(most).ToArray());
            var (spent, calls) = other;
            foreach (var line in rest)
                (spent, calls) = (spent + line.Spent, calls + line.Calls);
            if (spent != Money.Zero || calls != 0)
                kept.Add(new SpendLine(Breakdown.OtherName, spent, calls));
            return kept;
        }

        private IEnumerable<SpendLine> Dearest() =>
            names
                .Select(pair => new SpendLine(pair.Key, pair.Value.Spent, pair.Value.Calls))
                .OrderByDescending(line => line.Spent)
                .ThenBy(line => line.Name, StringComparer.Ordinal);
    }
}
