namespace AgentBudget;

/// <summary>
/// What calls of one tool cost. Asked twice: before the call for the most that it can cost, and after it for what it did cost. A fixed
/// price and a free tool answer the same both times.
/// </summary>
public abstract class ToolCost
{
    /// <summary>A tool that costs nothing; its calls take part in loop detection all the same.</summary>
    public static readonly ToolCost Free = new FixedCost(Money.Zero);

    /// <summary>The same price for every call, in dollars such as <c>"0.01"</c>.</summary>
    /// <exception cref="FormatException">The text is not an amount.</exception>
    public static ToolCost Fixed(string dollars) => Fixed(Money.Parse(dollars));

    /// <summary>The same price for every call.</summary>
    /// <param name="cost">The price: zero or more, at most <see cref="Money.MaxAmount"/>.</param>
    public static ToolCost Fixed(Money cost) => new FixedCost(Checked(cost));

    /// <summary>A price that depends on what is asked and on what comes back.</summary>
    /// <param name="most">The most that a call can cost, from its arguments as JSON text, or null where there are none.</param>
    /// <param name="actual">What it did cost, from the same arguments and its result. Null: what <paramref name="most"/> said.</param>
    public static ToolCost Estimated(Func<string?, Money> most, Func<string?, object?, Money>? actual = null)
    {
        ArgumentNullException.ThrowIfNull(most);
        return new EstimatedCost(most, actual ?? ((arguments, _) => most(arguments)));
    }

    /// <summary>The most that a call can cost.</summary>
    /// <param name="argumentsJson">The call's arguments as JSON text, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The caller's estimator gave a negative or too large amount.</exception>
    public abstract Money Before(string? argumentsJson);

    /// <summary>What a call did cost.</summary>
    /// <param name="argumentsJson">The call's arguments as JSON text, or null.</param>
    /// <param name="result">What the tool returned.</param>
    /// <exception cref="ArgumentOutOfRangeException">The caller's estimator gave a negative or too large amount.</exception>
    public abstract Money After(string? argumentsJson, object? result);

    private static Money Checked(Money cost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, Money.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, Money.MaxAmount);
        return cost;
    }

    private sealed class FixedCost(Money cost) : ToolCost
    {
        public override Money Before(string? argumentsJson) => cost;

        public override Money After(string? argumentsJson, object? result) => cost;
    }

    private sealed class EstimatedCost(Func<string?, Money> most, Func<string?, object?, Money> actual) : ToolCost
    {
        public override Money Before(string? argumentsJson) => Checked(most(argumentsJson));

        public override Money After(string? argumentsJson, object? result) => Checked(actual(argumentsJson, result));
    }
}
