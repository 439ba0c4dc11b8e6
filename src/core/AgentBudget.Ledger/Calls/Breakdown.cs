using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>What one model or tool cost.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.category")]
public sealed record CategoryTotal
{
    // Tools use no tokens: counts of zero would be most of what an idle session keeps.
    [Id(4)]
    private readonly CountedTokens? tokens;

    // Nearly all money is known from providers.
    [Id(5)]
    private readonly CategoryGuesses? guesses;

    /// <summary>Makes one.</summary>
    public CategoryTotal(CallKind kind, string name, Money total, long calls, TokenUsage usage = default)
    {
        Kind = kind;
        Name = name;
        Total = total;
        Calls = calls;
        Usage = usage;
    }

    /// <summary>Makes one of what was counted already.</summary>
    internal CategoryTotal(CallKind kind, string name, Money total, long calls, CountedTokens? tokens, CategoryGuesses guesses)
    {
        (Kind, Name, Total, Calls, this.tokens) = (kind, name, total, calls, tokens);
        Guesses = guesses;
    }

    /// <summary>Model or tool.</summary>
    [Id(0)]
    public CallKind Kind { get; init; }

    /// <summary>Its name.</summary>
    [Id(1)]
    public string Name { get; init; }

    /// <summary>The sum of its costs, corrections included.</summary>
    [Id(2)]
    public Money Total { get; init; }

    /// <summary>How many calls were charged or settled.</summary>
    [Id(3)]
    public long Calls { get; init; }

    /// <summary>The sum of its tokens.</summary>
    public TokenUsage Usage
    {
        get => tokens?.Usage ?? default;
        init => tokens = value.IsZero ? null : new CountedTokens(value);
    }

    /// <summary>The part of <see cref="Total"/> that comes from partial usage.</summary>
    public Money Partial
    {
        get => Guesses.Partial;
        init => Guesses = Guesses with { Partial = value };
    }

    /// <summary>The part of <see cref="Total"/> that was estimated.</summary>
    public Money Estimated
    {
        get => Guesses.Estimated;
        init => Guesses = Guesses with { Estimated = value };
    }

    /// <summary>The part of <see cref="Total"/> that is whole reservations, because nothing was known.</summary>
    public Money Reserved
    {
        get => Guesses.Reserved;
        init => Guesses = Guesses with { Reserved = value };
    }

    internal CountedTokens? Tokens => tokens;

    /// <summary>Whether any of its money has not been stated by a provider.</summary>
    internal bool HasGuesses => guesses is not null;

    internal CategoryGuesses Guesses
    {
        get => guesses ?? CategoryGuesses.None;
        init => guesses = ReferenceEquals(value, CategoryGuesses.None) || value == CategoryGuesses.None ? null : value;
    }
}

/// <summary>The money of a category that no provider has stated.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.category-guesses")]
internal sealed record CategoryGuesses(Money Partial, Money Estimated, Money Reserved)
{
    public static readonly CategoryGuesses None = new(Money.Zero, Money.Zero, Money.Zero);

    public CategoryGuesses Plus(CostSource source, Money amount) =>
        source switch
        {
            CostSource.Partial => this with { Partial = Partial + amount },
            CostSource.Estimated => this with { Estimated = Estimated + amount },
            CostSource.Reserved => this with { Reserved = Reserved + amount },
            _ => this,
        };

    public CategoryGuesses Plus(CategoryGuesses other)
    {
        // Most costs are the provider's: every charge comes by here.
        if (ReferenceEquals(other, None))
            return this;
        return new(Partial + other.Partial, Estimated + other.Estimated, Reserved + other.Reserved);
    }
}

/// <summary>Spend by model and tool. Immutable: adding gives a new one, so that a head can be shared with the writer as it is.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.breakdown")]
public sealed class Breakdown
{
    /// <summary>Nothing spent.</summary>
    public static readonly Breakdown Empty = new([]);

    /// <summary>The name under which categories beyond <see cref="Bounds.Categories"/> of a kind are summed.</summary>
    public const string OtherName = "(other)";

    // Most sessions use a handful of models and tools.
    private const int FewCategories = 8;

    [Id(0)]
    private readonly CategoryTotal[] categories;

    private Breakdown(CategoryTotal[] categories) => this.categories = categories;

    /// <summary>The categories, in the order in which they first appeared.</summary>
    public IReadOnlyList<CategoryTotal> Categories => categories;

    /// <summary>The sum of all categories: what was spent.</summary>
    public Money Total => Sum(null).Total;

    /// <summary>How much of <see cref="Total"/> is known in one way; the four ways add up to it.</summary>
    public Money KnownFrom(CostSource source)
    {
        var sum = CategoryGuesses.None;
        foreach (var category in categories)
            sum = sum.Plus(category.Guesses);
        return source switch
        {
            CostSource.Partial => sum.Partial,
            CostSource.Estimated => sum.Estimated,
            CostSource.Reserved => sum.Reserved,
            _ => Total - sum.Partial - sum.Estimated - sum.Reserved,
        };
    }

    /// <summary>Makes a breakdown from stored categories.</summary>
    public static Breakdown From(IEnumerable<CategoryTotal> categories)
    {
        var array = categories.Select(category => category with { Name = SharedNames.Share(category.Name) }).ToArray();
        return array.Length == 0 ? Empty : new Breakdown(array);
    }

    /// <summary>Asks for the memory that adding a call is going to touch.</summary>
    internal void Prefetch()
    {
        for (var i = 0; i < Math.Min(categories.Length, FewCategories); i++)
        {
            Prefetcher.Fetch(categories[i], 1);
            Prefetcher.Fetch(categories[i].Tokens, 1);
        }
    }

    /// <summary>Total and number of calls of one kind, or of both.</summary>
    public (Money Total, long Calls) Sum(CallKind? kind)
    {
        var total = Money.Zero;
        var calls = 0L;
        foreach (var category in categories)
        {
            if (kind is { } wanted && category.Kind != wanted)
                continue;
            total += category.Total;
            calls += category.Calls;
        }

        return (total, calls);
    }

    /// <summary>Adds one call that was paid for.</summary>
    public Breakdown Add(Call call, Money cost) =>
        Add(call.Kind, call.Name, cost, 1, call.Tokens, CategoryGuesses.None.Plus(call.Source, cost));

    /// <summary>Adds a signed correction to the category of the call that is corrected, and to the way its cost was known; no call is
    /// counted.</summary>
    public Breakdown Correct(Call call, Money delta) =>
        Add(call.Kind, call.Name, delta, 0, null, CategoryGuesses.None.Plus(call.Source, delta));

    /// <summary>Adds all categories of another breakdown: what a child spent.</summary>
    public Breakdown Add(Breakdown other)
    {
        var result = this;
        foreach (var one in other.categories)
            result = result.Add(one.Kind, one.Name, one.Total, one.Calls, one.Tokens, one.Guesses);
        return result;
    }

    /// <summary>The total of one category; zero when it is not there.</summary>
    public Money TotalOf(CallKind kind, string name)
    {
        var index = Find(kind, name);
        if (index < 0)
            index = Find(kind, OtherName);
        return index < 0 ? Money.Zero : categories[index].Total;
    }

    /// <summary>The dearest categories, without their tokens; the others are summed as <see cref="OtherName"/>, one for each
    /// kind.</summary>
    /// <param name="names">How many names at most.</param>
    /// <param name="characters">How many characters the names may have together.</param>
    internal Breakdown Dearest(int names, int characters)
    {
        var few = Empty;
        foreach (var one in categories.OrderByDescending(category => category.Total))
        {
            var isNamed = names > 0 && one.Name.Length <= characters;
            if (isNamed)
                (names, characters) = (names - 1, characters - one.Name.Length);
            few = few.Add(one.Kind, isNamed ? one.Name : OtherName, one.Total, one.Calls, null, one.Guesses);
        }

        return few;
    }

    private Breakdown Add(CallKind kind, string name, Money total, long calls, CountedTokens? tokens, CategoryGuesses guesses)
    {
        var index = Find(kind, name);
        if (index < 0 && categories.Length >= Bounds.Categories)
            index = Find(kind, OtherName);
        if (index < 0)
        {
            // One place beyond the bound for each kind holds everything else.
            var kept = categories.Length >= Bounds.Categories ? OtherName : SharedNames.Share(name);
            return new Breakdown([.. categories, new CategoryTotal(kind, kept, total, calls, tokens, guesses)]);
        }

        var copy = (CategoryTotal[])categories.Clone();
        var old = copy[index];
        var sum = CountedTokens.Sum(old.Tokens, tokens);
        copy[index] = new CategoryTotal(old.Kind, old.Name, old.Total + total, old.Calls + calls, sum, old.Guesses.Plus(guesses));
        return new Breakdown(copy);
    }

    private int Find(CallKind kind, string name)
    {
        for (var i = 0; i < categories.Length; i++)
        {
            if (categories[i].Kind == kind && string.Equals(categories[i].Name, name, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }
}
