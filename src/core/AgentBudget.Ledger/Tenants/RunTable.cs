namespace AgentBudget.Ledger.Tenants;

/// <summary>What sessions cost that ended, by agent: a histogram for each. Bounded as names are, and by classes in all.</summary>
internal sealed class RunTable
{
    private const int MostClasses = 100_000;

    private readonly Dictionary<string, Histogram> agents = new(StringComparer.Ordinal);
    private readonly Histogram all = new();
    private readonly Histogram other = new();
    private int classes;

    public void Add(RunSum run)
    {
        all.Add(run);
        var name = run.Agent ?? TenantSpend.NoName;
        if (name == Breakdown.OtherName)
        {
            other.Add(run);
            return;
        }

        if (!agents.TryGetValue(name, out var histogram))
            agents[SharedNames.Share(name)] = histogram = new Histogram();
        classes += histogram.Add(run);
        if (agents.Count <= 2 * SpendTable.MostNames && classes <= MostClasses)
            return;
        foreach (var (cheap, ofCheap) in Dearest().Skip(Math.Min(SpendTable.MostNames, Math.Max(1, agents.Count / 2))).ToArray())
        {
            agents.Remove(cheap);
            classes -= ofCheap.Classes;
            other.Add(ofCheap);
        }
    }

    /// <summary>Those of all, and of each agent, the dearest first.</summary>
    public (RunCosts All, IReadOnlyList<RunCosts> ByAgent) ToCosts(int most)
    {
        var dearest = Dearest().ToArray();
        var rest = new Histogram();
        rest.Add(other);
        foreach (var (_, histogram) in dearest.Skip(most))
            rest.Add(histogram);
        var byAgent = dearest.Take(most).Select(pair => pair.Value.ToCosts(pair.Key)).ToList();
        if (rest.Runs > 0)
            byAgent.Add(rest.ToCosts(Breakdown.OtherName));
        return (all.ToCosts(null), byAgent);
    }

    private IEnumerable<KeyValuePair<string, Histogram>> Dearest() =>
        agents.OrderByDescending(pair => pair.Value.Cost).ThenBy(pair => pair.Key, StringComparer.Ordinal);

    private sealed class Histogram
    {
        private readonly SortedDictionary<int, long> runs = [];
        private long stopped;

        public long Runs { get; private set; }

        public Money Cost { get; private set; }

        public int Classes => runs.Count;

        /// <summary>Adds runs, and says how many classes there are in addition.</summary>
        public int Add(RunSum run)
        {
            var before = runs.Count;
            // A number that is no class of this version is of one that knows more.
            var bucket = Math.Clamp(run.Bucket, 0, CostBuckets.Count - 1);
            runs[bucket] = runs.GetValueOrDefault(bucket) + run.Runs;
            (Runs, Cost, stopped) = (Runs + run.Runs, Cost + run.Cost, stopped + run.Stopped);
            return runs.Count - before;
        }

        public void Add(Histogram more)
        {
            foreach (var (bucket, count) in more.runs)
                runs[bucket] = runs.GetValueOrDefault(bucket) + count;
            (Runs, Cost, stopped) = (Runs + more.Runs, Cost + more.Cost, stopped + more.stopped);
        }

        public RunCosts ToCosts(string? agent) =>
            new()
            {
                Agent = agent,
                Runs = Runs,
                Cost = Cost,
                Median = Percentile(50),
                Percentile90 = Percentile(90),
                Percentile99 = Percentile(99),
                Stopped = stopped,
            };

        // By rank: the least cost that so many in a hundred do not exceed.
        private Money Percentile(int hundredths)
        {
            var rank = (long)(((Int128)Runs * hundredths + 99) / 100);
            foreach (var (bucket, count) in runs)
            {
                rank -= count;
                if (rank <= 0)
                    return CostBuckets.Middle(bucket);
            }

            return Money.Zero;
        }
    }
}
