using System.Diagnostics.CodeAnalysis;
using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// Names a tenant by its place in the tree of tenants, such as <c>acme/research/alice</c>: 1 to 8 segments between slashes, none of them
/// empty, of ASCII letters, digits and <c>. _ : -</c>, 128 characters in all. Upper and lower case differ.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-path")]
public sealed record TenantPath
{
    private const char Separator = '/';

    private static readonly string Grammar =
        $"it must be 1 to {Bounds.TenantDepth} names with a / between them, such as acme/research, of letters, digits and . _ : - "
        + $"(ASCII), at most {Bounds.IdLength} characters in all";

    [Id(0)]
    private readonly string text;

    private TenantPath(string text) => this.text = text;

    /// <summary>How many segments it has, from 1 to 8.</summary>
    public int Depth => text.AsSpan().Count(Separator) + 1;

    /// <summary>The tenant above; null at the top.</summary>
    public TenantPath? Parent => text.LastIndexOf(Separator) is var at and > 0 ? new(text[..at]) : null;

    /// <summary>Reads a path.</summary>
    /// <param name="text">The path, such as <c>acme/research</c>.</param>
    /// <exception cref="FormatException">The text is no path of a tenant; the message says what is wrong with it.</exception>
    public static TenantPath Parse(string text) =>
        TryParse(text, out var path, out var problem) ? path : throw new FormatException($"The tenant's path {problem}");

    /// <summary>Reads a path as <see cref="Parse"/> does, without throwing.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="path">The path, or null.</param>
    /// <param name="problem">What is wrong with the text and what would be right, to be read after the name of what it is; null on
    /// success.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out TenantPath? path,
        [NotNullWhen(false)] out string? problem
    )
    {
        problem = FindProblem(text);
        path = problem is null ? new TenantPath(text!) : null;
        return problem is null;
    }

    /// <summary>Whether it is that tenant or one below it.</summary>
    /// <param name="above">The tenant that may be above.</param>
    public bool IsWithin(TenantPath above)
    {
        ArgumentNullException.ThrowIfNull(above);
        return text.StartsWith(above.text, StringComparison.Ordinal)
            && (text.Length == above.text.Length || text[above.text.Length] == Separator);
    }

    /// <summary>The path as it is written: the form in which it is stored and shown.</summary>
    public override string ToString() => text;

    // What came over the wire was made by a serializer, which asks nobody.
    internal static void Validate(TenantPath? path)
    {
        if (path is not null && FindProblem(path.text) is { } problem)
            throw new ArgumentException($"The tenant's path {problem}");
    }

    private static string? FindProblem(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return $"is missing; {Grammar}.";
        if (text.Length > Bounds.IdLength)
            return $"has {text.Length} characters; {Grammar}.";
        var depth = 0;
        foreach (var segment in text.AsSpan().Split(Separator))
        {
            depth++;
            if (text.AsSpan()[segment].IsEmpty)
                return $"has an empty name between its slashes; {Grammar}.";
        }

        if (depth > Bounds.TenantDepth)
            return $"has {depth} names; {Grammar}.";
        return Checks.IsId(text) && !text.Contains(SessionIds.TenantMark, StringComparison.Ordinal)
            ? null
            : $"holds something else than it may; {Grammar}.";
    }
}
