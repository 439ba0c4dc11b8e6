using AgentBudget.Pricing.Tables;

namespace AgentBudget.Pricing.Names;

/// <summary>
/// Finds known names that are spelt like an unknown one, for the message to a person. Never used to price. Only letters and digits count,
/// so that <c>gpt5</c> is like <c>gpt-5</c>. What begins or ends alike, or is the beginning of it, is looked up; of that, the nearest by
/// edits come first.
/// </summary>
internal sealed class SimilarNames
{
    private const int MaxCandidates = 3;
    private const int MinSharedCharacters = 3;

    // Looked at on each side of where the name would stand.
    private const int MaxBeginningsLookedAt = 64;
    private const int MaxEndingsLookedAt = 8;

    // Of a longer name the rest says no more, and comparing takes time by the square of it.
    private const int MaxComparedCharacters = 64;

    // Names made up of a path are answered by their last segments; a longer path is no name.
    private const int MaxSegments = 4;

    private readonly SortedNames beginnings;
    private readonly SortedNames endings;

    public SimilarNames(IEnumerable<ModelPrices> models)
    {
        KnownName[] known =
        [
            .. models.SelectMany(model => model.Names, (model, name) => new KnownName(Spelling(LastSegment(name)), model.Label)).Distinct(),
        ];
        beginnings = new(known, name => name, MaxBeginningsLookedAt);
        endings = new(known, Reversed, MaxEndingsLookedAt);
    }

    /// <summary>At most three labels <c>provider/model</c>, the most similar first. Takes logarithmic time in the size of the
    /// table.</summary>
    public IReadOnlyList<string> To(ReadOnlySpan<char> name)
    {
        // The last segment is the model's in most names; what stands before it is asked when the last is like nothing.
        foreach (var segment in name.ToString().Split('/').Reverse().Take(MaxSegments))
        {
            var wanted = Spelling(segment);
            string[] nearest =
            [
                .. beginnings
                    .AlikeTo(wanted)
                    .Concat(endings.AlikeTo(wanted))
                    .Distinct()
                    .GroupBy(known => known.Spelling)
                    .Select(alike => (Edits: Edits(alike.Key, wanted), Known: alike))
                    .OrderBy(alike => alike.Edits)
                    .ThenBy(alike => alike.Known.Key.Length)
                    .Take(MaxCandidates)
                    .SelectMany(alike =>
                        alike.Known.OrderBy(known => known.Label.Length).ThenBy(known => known.Label, StringComparer.Ordinal)
                    )
                    .Select(known => known.Label)
                    .Distinct()
                    .Take(MaxCandidates),
            ];
            if (nearest.Length > 0)
                return nearest;
        }

        return [];
    }

    private static string LastSegment(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string Spelling(string name)
    {
        var letters = name.Where(char.IsLetterOrDigit).Take(MaxComparedCharacters).Select(char.ToLowerInvariant);
        return string.Concat(letters);
    }

    private static string Reversed(string text) =>
        string.Create(
            text.Length,
            text,
            (reversed, original) =>
            {
                original.CopyTo(reversed);
                reversed.Reverse();
            }
        );

    /// <summary>Characters to put in, take out or exchange until one is the other (Levenshtein, 1966).</summary>
    private static int Edits(string left, string right)
    {
        Span<int> row = stackalloc int[MaxComparedCharacters + 1];
        for (var j = 0; j <= right.Length; j++)
            row[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var exchanged = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchanged, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }

    private readonly record struct KnownName(string Spelling, string Label);

    // In a sorted list the names that share the longest beginning are neighbours.
    private sealed class SortedNames
    {
        private readonly Func<string, string> order;
        private readonly int lookedAt;
        private readonly string[] sorted;
        private readonly KnownName[] known;

        public SortedNames(KnownName[] known, Func<string, string> order, int lookedAt)
        {
            (this.order, this.lookedAt) = (order, lookedAt);
            this.known = [.. known];
            sorted = Array.ConvertAll(this.known, name => order(name.Spelling));
            Array.Sort(sorted, this.known, StringComparer.Ordinal);
        }

        public IEnumerable<KnownName> AlikeTo(string spelling)
        {
            var wanted = this.order(spelling);
            var found = Array.BinarySearch(sorted, wanted, StringComparer.Ordinal);
            var start = found < 0 ? ~found : found;
            for (var i = start; i < start + this.lookedAt && IsAlike(i, wanted); i++)
                yield return this.known[i];
            for (var i = start - 1; i >= start - this.lookedAt && IsAlike(i, wanted); i--)
                yield return this.known[i];
            if (BeginningOf(wanted) is not { } beginning)
                yield break;
            for (var i = beginning; i < beginning + this.lookedAt && i < sorted.Length && sorted[i] == sorted[beginning]; i++)
                yield return this.known[i];
        }

        // The longest name that the wanted one goes on from; it may stand further away than is looked at.
        private int? BeginningOf(string wanted)
        {
            for (var length = wanted.Length - 1; length >= MinSharedCharacters; length--)
            {
                var found = Array.BinarySearch(sorted, wanted[..length], StringComparer.Ordinal);
                if (found < 0)
                    continue;
                while (found > 0 && sorted[found - 1] == sorted[found])
                    found--;
                return found;
            }

            return null;
        }

        private bool IsAlike(int index, string wanted) =>
            index >= 0 && index < sorted.Length && sorted[index].AsSpan().CommonPrefixLength(wanted) >= MinSharedCharacters;
    }
}
