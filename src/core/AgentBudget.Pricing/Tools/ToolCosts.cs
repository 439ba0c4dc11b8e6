using System.Diagnostics.CodeAnalysis;
using AgentBudget.Pricing.Files;

namespace AgentBudget;

/// <summary>
/// Prices of tools by name: an immutable snapshot, in layers like a <see cref="PriceBook"/>. Names are compared without case and
/// without blanks around them. A tool that nobody listed has no price; it is never taken for free.
/// </summary>
public sealed class ToolCosts
{
    /// <summary>The most tools: 4,096.</summary>
    public const int MaxTools = 4_096;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = AgentBudget.Bounds.NameLength;

    /// <summary>No tools.</summary>
    public static readonly ToolCosts None = new(new Dictionary<string, ToolCost>());

    private readonly Dictionary<string, ToolCost> byName;

    /// <summary>Makes a registry.</summary>
    /// <exception cref="ArgumentException">A name is blank, too long or there twice, or there are too many.</exception>
    public ToolCosts(IEnumerable<KeyValuePair<string, ToolCost>> costs)
    {
        byName = new Dictionary<string, ToolCost>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, cost) in costs)
        {
            var trimmed = name.Trim();
            if (trimmed.Length is 0 or > MaxNameLength)
                throw new ArgumentException($"The name of a tool has 1 to {MaxNameLength} characters.", nameof(costs));
            if (!byName.TryAdd(trimmed, cost))
                throw new ArgumentException($"The tool \"{trimmed}\" is there twice.", nameof(costs));
        }

        if (byName.Count > MaxTools)
            throw new ArgumentException($"At most {MaxTools} tools can have a price.", nameof(costs));
    }

    /// <summary>The names of the tools.</summary>
    public IReadOnlyCollection<string> Names => byName.Keys;

    /// <summary>Reads a file: <c>{ "tools": [ { "tool": "web_search", "usd_per_call": "0.01" } ] }</c>; "0" is a price.</summary>
    /// <exception cref="PriceTableException">The file is not valid.</exception>
    public static ToolCosts Parse(PriceFile file) =>
        TryParse(file, out var costs, out var problems) ? costs : throw new PriceTableException(problems);

    /// <summary>Reads a file as <see cref="Parse"/> does, without throwing for what it holds.</summary>
    public static bool TryParse(PriceFile file, [NotNullWhen(true)] out ToolCosts? costs, out IReadOnlyList<string> problems)
    {
        ArgumentNullException.ThrowIfNull(file);
        return ToolFileReader.TryRead(file, out costs, out problems);
    }

    /// <summary>Puts another registry on top: where it knows a tool its price is used.</summary>
    public ToolCosts Layer(ToolCosts upper)
    {
        ArgumentNullException.ThrowIfNull(upper);
        var union = new Dictionary<string, ToolCost>(byName, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, cost) in upper.byName)
            union[name] = cost;
        return new ToolCosts(union);
    }

    /// <summary>The price of a tool, or null when nobody listed it.</summary>
    public ToolCost? Find(string? tool) => tool is not null && byName.TryGetValue(tool.Trim(), out var cost) ? cost : null;
}
