using AgentBudget.Pricing.Import.Comparing;
using AgentBudget.Pricing.Import.Sources;
using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>From all sources to the models of one provider.</summary>
internal static class ProviderDerivation
{
    /// <summary>Derives.</summary>
    /// <param name="provider">Where the provider stands in the sources.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="present">The models of the present file. A name that was added by hand is asked for, and stays with its model.</param>
    /// <param name="known">What is known of names from the present file, as an edition before all others; none derives anew.</param>
    public static IReadOnlyList<ModelEntry> ModelsOf(
        ProviderMapping provider,
        IReadOnlyList<ISource> sources,
        IReadOnlyList<FlatModel> present,
        IReadOnlyDictionary<string, DerivedName>? known = null
    )
    {
        var listed = sources.SelectMany(source => source.NamesAt(provider)).Concat(present.SelectMany(model => model.Names));
        var names = listed
            .Where(NormalizedName.IsNormal)
            .Distinct(StringComparer.Ordinal)
            .Where(name => !provider.Excluded.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal)));
        var editions = Edition.Of(sources);
        var derived = names
            .Select(name => Derive(name, provider, editions, known?.GetValueOrDefault(name)))
            .OfType<DerivedName>()
            .ToDictionary(name => name.Name, StringComparer.Ordinal);
        if (provider.DatesEveryModel)
            AddStems(derived);
        if (editions.Count > 0)
        {
            SharedTiers.Among(derived);
            SameModel.FollowTheNewest(derived, editions[^1].Day);
            MovingNames.FollowTheirModel(derived, editions[^1].Day);
            new RegionalNames(provider, editions[^1].Day).FollowTheirModel(derived);
        }

        // What is known already stays as it is.
        if (known is null)
        {
            RegionalNames.DropCheapOnes(derived);
            foreach (var name in derived.Values.ToArray())
                derived[name.Name] = name with { Rows = [.. name.Rows.Select(PartsWithTheirWhole.In)] };
        }

        AddNamesByHand(derived, present);
        return ModelGrouping.ModelsOf(
            [.. derived.Values],
            present.Select(model => model.Model).ToHashSet(StringComparer.Ordinal),
            provider.DatesEveryModel
        );
    }

    private static DerivedName? Derive(string name, ProviderMapping provider, IReadOnlyList<Edition> editions, DerivedName? known)
    {
        var undated = DateSuffix.TryStrip(name, out var stem) ? stem.ToString() : null;
        var derived = known;
        foreach (var edition in editions)
        {
            var statements = edition
                .Sources.Select(source => Find(source, name))
                .OfType<Statement>()
                .Select(WithOutput)
                .OfType<Statement>()
                .Select(StatementSlips.Mended)
                .ToArray();
            if (StatementChoice.Among(statements, name) is not { } choice)
                continue;
            var said = new DerivedName(name, [.. choice.Believed, .. choice.Others], RowDerivation.RowsOf(choice, provider), edition.Day);
            var isConfirmed = known is not null && ReferenceEquals(derived, known) && known.IsConfirmedBy(said);
            derived = isConfirmed ? known!.ConfirmedBy(said) : derived?.FollowedBy(said) ?? said;
        }

        return derived;

        // A source that lists only the undated name still says what a snapshot's cached tokens or searches cost.
        Statement? Find(ISource source, string wanted)
        {
            if (source.Find(provider, wanted) is { } found)
                return found;
            if (undated is null || source.Find(provider, undated) is not { Rows.Count: 1 } ofStem)
                return null;
            return ofStem.Use == StatementUse.Price ? ofStem with { Use = StatementUse.OtherRates } : ofStem;
        }
    }

    // A vendor that dates every model sells each under the bare name, too, whether or not a source lists it.
    private static void AddStems(Dictionary<string, DerivedName> derived)
    {
        foreach (var snapshot in derived.Values.ToArray())
        {
            // A fine-tuned model always names the snapshot that it was made of.
            if (snapshot.Name.StartsWith("ft:", StringComparison.Ordinal))
                continue;
            if (!DateSuffix.TryStrip(snapshot.Name, out var stem) || snapshot.Name.Length - stem.Length < "-YYYYMMDD".Length)
                continue;
            derived.TryAdd(stem.ToString(), snapshot with { Name = stem.ToString() });
        }
    }

    private static void AddNamesByHand(Dictionary<string, DerivedName> derived, IReadOnlyList<FlatModel> present)
    {
        foreach (var model in present)
        {
            if (model.Names.FirstOrDefault(derived.ContainsKey) is not { } known)
                continue;
            foreach (var name in model.Names)
                derived.TryAdd(name, derived[known] with { Name = name });
        }
    }

    // What states no output rate is an embedding, which has no output, or is not billed by tokens; anything else would be a hole.
    private static Statement? WithOutput(Statement statement)
    {
        if (statement.Rows.All(row => row.Standard[RateDimension.Output] is not null || row.Standard[RateDimension.Input] is null))
            return statement;
        var isEmbedding =
            statement.Group.Contains("embed", StringComparison.Ordinal) || statement.Group.Contains("voyage", StringComparison.Ordinal);
        if (!isEmbedding)
            return null;
        foreach (var row in statement.Rows)
            row.Standard.Set(RateDimension.Output, 0);
        return statement;
    }
}
