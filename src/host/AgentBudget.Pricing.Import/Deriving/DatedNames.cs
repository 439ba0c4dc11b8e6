using AgentBudget.Pricing.Names;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>
/// Which names may carry a snapshot date that no source lists: those of which a source shows dated snapshots at the same price, or all
/// of a vendor that dates every model. A line whose snapshots carry month and day only is closed, and a date behind it is a mistake.
/// </summary>
internal sealed class DatedNames(IReadOnlyDictionary<string, DerivedName> names, bool datesEveryModel)
{
    private const int MonthAndDayLength = 5;

    private readonly ILookup<string, DerivedName> snapshots = names
        .Values.Select(name => (Stem: StemOf(name.Name), Name: name))
        .Where(pair => pair.Stem is not null)
        .ToLookup(pair => pair.Stem!, pair => pair.Name, StringComparer.Ordinal);

    public bool Includes(string name)
    {
        if (DateSuffix.TryStrip(name, out _) || BedrockName.TryStripVersion(name, out _) || name.Contains(':'))
            return false;
        var snapshots = this.snapshots[name].ToArray();
        var lengths = snapshots.Select(snapshot => snapshot.Name.Length - name.Length).ToArray();
        if (lengths.Contains(MonthAndDayLength) && lengths.All(length => length <= MonthAndDayLength))
            return false;
        return datesEveryModel || snapshots.Any(names[name].HasRowsOf) || names[name].Statements.Any(statement => statement.AcceptsDates);
    }

    // "-latest" proves no dates; it says only that there are versions.
    private static string? StemOf(string name)
    {
        var plain = BedrockName.TryStripVersion(name, out var unversioned) ? unversioned : name;
        if (plain.EndsWith("latest", StringComparison.Ordinal))
            return null;
        return DateSuffix.TryStrip(plain, out var stem) ? stem.ToString() : null;
    }
}
