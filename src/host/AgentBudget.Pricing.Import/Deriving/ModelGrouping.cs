using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// Gathers names that mean one model: a snapshot under the name without its date, and names that one source lists together. Only names
/// with the same rates are gathered, where one may lack service tiers, regions or fees that another has; a snapshot with a price of its
/// own stays a model of its own.
/// </summary>
internal sealed class ModelGrouping
{
    private readonly Dictionary<string, Group> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Group>> bySourceGroup = new(StringComparer.Ordinal);

    /// <summary>Gathers.</summary>
    /// <param name="names">All names.</param>
    /// <param name="presentIds">The ids of the present file: they are kept, because entries of ledgers name rows by them.</param>
    /// <param name="datesEveryModel">Whether the vendor dates every model.</param>
    public static IReadOnlyList<ModelEntry> ModelsOf(
        IReadOnlyList<DerivedName> names,
        IReadOnlySet<string> presentIds,
        bool datesEveryModel
    )
    {
        var grouping = new ModelGrouping();
        var inOrder = names
            .OrderByDescending(name => presentIds.Contains(name.Name))
            .ThenBy(name => name.Name.Length)
            .ThenBy(name => name.Name, StringComparer.Ordinal);
        foreach (var name in inOrder)
            grouping.Add(name);
        var dates = new DatedNames(names.ToDictionary(name => name.Name, StringComparer.Ordinal), datesEveryModel);
        return
        [
            .. grouping
                .byName.Values.Distinct()
                .Select(group => group.ToModel(dates))
                .OrderBy(model => model.Model, StringComparer.Ordinal),
        ];
    }

    private void Add(DerivedName name)
    {
        var group =
            Candidates(name).FirstOrDefault(candidate => candidate.Group.TryAdd(name, candidate.MayLackTerms))?.Group ?? new Group(name);
        byName[name.Name] = group;
        foreach (var statement in name.Statements)
        {
            if (!bySourceGroup.TryGetValue(statement.Group, out var known))
                bySourceGroup[statement.Group] = known = [];
            if (!known.Contains(group))
                known.Add(group);
        }
    }

    private IEnumerable<Candidate> Candidates(DerivedName name)
    {
        if (DateSuffix.TryStrip(name.Name, out var stem) && byName.TryGetValue(stem.ToString(), out var undated))
            yield return new(undated, true);
        // A name that the one source of service tiers lists without them has none; of a name that it does not list it says nothing.
        var isListed = name.Statements.Any(statement => statement is { Source: "litellm", Use: Sources.StatementUse.Price });
        foreach (var statement in name.Statements)
        {
            foreach (var group in bySourceGroup.GetValueOrDefault(statement.Group) ?? [])
                yield return new(group, !isListed);
        }
    }

    private sealed record Candidate(Group Group, bool MayLackTerms);

    private sealed class Group(DerivedName first)
    {
        private readonly List<DerivedName> names = [first];
        private IReadOnlyList<RowEntry> rows = first.Rows;

        public bool TryAdd(DerivedName name, bool mayLackTerms)
        {
            if (name.Rows.Count != rows.Count || ModelVersion.AreSiblings(name.Name, names[0].Name))
                return false;
            var pairs = name.Rows.Zip(rows);
            if (!pairs.All(pair => mayLackTerms ? pair.First.Agrees(pair.Second) : pair.First.Matches(pair.Second)))
                return false;
            rows = [.. pairs.Select(pair => pair.Second.With(pair.First))];
            names.Add(name);
            return true;
        }

        public ModelEntry ToModel(DatedNames dates)
        {
            var all = names.Select(name => name.Name).Order(StringComparer.Ordinal).ToArray();
            return new ModelEntry
            {
                Model = names[0].Name,
                Aliases = [.. all.Where(name => name != names[0].Name)],
                DatedNames = [.. all.Where(dates.Includes)],
                MaxOutputTokens = names.Max(name => name.MaxOutputTokens),
                Rows = rows,
            };
        }
    }
}
