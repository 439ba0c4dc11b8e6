using AgentBudget.Pricing.Tables;

namespace AgentBudget.Pricing.Names;

/// <summary>Finds known names that begin like an unknown one, for the message to a person. Never used to price.</summary>
internal sealed class SimilarNames
{
    private const int MaxCandidates = 3;
    private const int MinSharedCharacters = 3;

    private readonly string[] _names;
    private readonly string[] _labels;

    public SimilarNames(IEnumerable<ModelPrices> models)
    {
        var known = models.SelectMany(model => model.Names, (model, name) => (Name: LastSegment(name), Label: model.Label)).Distinct().ToArray();
        _names = [.. known.Select(entry => entry.Name)];
        _labels = [.. known.Select(entry => entry.Label)];
        Array.Sort(_names, _labels, StringComparer.Ordinal);
    }

    /// <summary>At most three labels <c>provider/model</c>, the most similar first. Takes logarithmic time in the size of the table.</summary>
    public IReadOnlyList<string> To(ReadOnlySpan<char> name)
    {
        var wanted = LastSegment(name.ToString());
        var found = Array.BinarySearch(_names, wanted, StringComparer.Ordinal);
        var after = found < 0 ? ~found : found;
        var before = after - 1;
        var labels = new List<string>(MaxCandidates);
        // In a sorted list the names that share the longest beginning are the neighbours.
        while (labels.Count < MaxCandidates)
        {
            var sharedAfter = SharedAt(after, wanted);
            var sharedBefore = SharedAt(before, wanted);
            if (Math.Max(sharedAfter, sharedBefore) < MinSharedCharacters) break;
            var label = _labels[sharedAfter >= sharedBefore ? after++ : before--];
            if (!labels.Contains(label)) labels.Add(label);
        }

        return labels;
    }

    private int SharedAt(int index, string wanted) =>
        index < 0 || index >= _names.Length ? -1 : _names[index].AsSpan().CommonPrefixLength(wanted);

    private static string LastSegment(string name) => name[(name.LastIndexOf('/') + 1)..];
}
