using AgentBudget.Pricing.Files;

namespace AgentBudget.Pricing.Tables;

/// <summary>The checks that need more than one entry at a time: names that mean two things, dates that overlap.</summary>
internal static class TableChecks
{
    public static void Run(IReadOnlyList<ProviderFacts> providers, IReadOnlyList<ModelPrices> models, ProblemList problems)
    {
        CheckProviders(providers, problems);
        foreach (var provider in models.GroupBy(model => model.Provider))
            CheckNames(provider, problems);
        foreach (var model in models)
            CheckDates(model, problems);
    }

    private static void CheckProviders(IReadOnlyList<ProviderFacts> providers, ProblemList problems)
    {
        var names = providers.SelectMany(facts => facts.Aliases.Prepend(facts.Id), (facts, name) => (Name: name, facts.Id));
        foreach (var name in names.GroupBy(entry => entry.Name).Where(group => group.Count() > 1))
            problems.Add(name.Key, "is the name of two providers, or of one in two files; one file holds all of a provider.");
    }

    private static void CheckNames(IGrouping<string, ModelPrices> provider, ProblemList problems)
    {
        foreach (var name in provider.SelectMany(model => model.Names).GroupBy(name => name).Where(group => group.Count() > 1))
            problems.Add($"{provider.Key}/{name.Key}", "is the name of two models, or twice of one.");
    }

    // A row for part of the day goes before one for all of it, so only rows of the same kind can contradict each other.
    private static void CheckDates(ModelPrices model, ProblemList problems)
    {
        for (var i = 0; i < model.Rows.Count; i++)
        {
            for (var j = i + 1; j < model.Rows.Count; j++)
            {
                if (Overlap(model.Rows[i], model.Rows[j]))
                    problems.Add(model.Rows[i].Id, $"holds at the same time as {model.Rows[j].Id}.");
            }
        }
    }

    private static bool Overlap(PriceRow one, PriceRow other)
    {
        var datesOverlap =
            (one.From is not { } oneFrom || other.Until is not { } otherUntil || oneFrom < otherUntil)
            && (other.From is not { } otherFrom || one.Until is not { } oneUntil || otherFrom < oneUntil);
        if (!datesOverlap)
            return false;
        return (one.DailyWindow, other.DailyWindow) switch
        {
            (null, null) => true,
            ({ } window, { } otherWindow) => window.Overlaps(otherWindow),
            _ => false,
        };
    }
}
