using AgentBudget.Pricing.Tables;

namespace AgentBudget.Pricing.Names;

/// <summary>
/// Finds known names that begin like an unknown one or, failing that, end like it, for the message to a person. Never used to price.
/// </summary>
internal sealed class SimilarNames
{
    private const int MaxCandidates = 3;
    private const int MinSharedCharacters = 3;

    // Names made up of a path are answered by their last segments; a longer path is no name.
    private const int MaxSegments = 4;

    private readonly SortedNames _beginnings;
    private readonly SortedNames _endings;

    public SimilarNames(IEnumerable<ModelPrices> models)
    {
        var known = models.SelectMany(model => model.Names, (model, name) => (Name: LastSegment(name), model.Label)).Distinct().ToArray();
        _beginnings = new(known.Select(entry => (entry.Name, entry.Label)));
        _endings = new(known.Select(entry => (Reversed(entry.Name), entry.Label)));
    }

    /// <summary>At most three labels <c>provider/model</c>, the most similar first. Takes logarithmic time in the size of the table.</summary>
    public IReadOnlyList<string> To(ReadOnlySpan<char> name)
    {
        // The last segment is the model's in most names; what stands before it is asked when the last is like nothing.
        var segments = name.ToString().Split('/').Reverse().Take(MaxSegments).ToArray();
        foreach (var segment in segments)
        {
            if (_beginnings.NeighboursOf(segment) is { Count: > 0 } found) return found;
        }

        foreach (var segment in segments)
        {
            if (_endings.NeighboursOf(Reversed(segment)) is { Count: > 0 } found) return found;
        }

        return [];
    }

    private static string LastSegment(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string Reversed(string text) => string.Create(text.Length, text, (reversed, original) =>
    {
        original.CopyTo(reversed);
        reversed.Reverse();
    });

    private sealed class SortedNames
    {
        private readonly string[] _names;
        private readonly string[] _labels;

        public SortedNames(IEnumerable<(string Name, string Label)> known)
        {
            var entries = known.ToArray();
            _names = Array.ConvertAll(entries, entry => entry.Name);
            _labels = Array.ConvertAll(entries, entry => entry.Label);
            Array.Sort(_names, _labels, StringComparer.Ordinal);
        }

        // In a sorted list the names that share the longest beginning are the neighbours.
        public List<string> NeighboursOf(string wanted)
        {
            var found = Array.BinarySearch(_names, wanted, StringComparer.Ordinal);
            var after = found < 0 ? ~found : found;
            var before = after - 1;
            var labels = new List<string>(MaxCandidates);
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
    }
}
