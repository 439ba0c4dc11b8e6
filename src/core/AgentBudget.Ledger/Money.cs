using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AgentBudget;

/// <summary>
/// An exact amount of US dollars, held as a whole number of nano-dollars (1e-9 USD). Signed, because corrections are; budgets and
/// costs have rules of their own. Arithmetic is checked: it throws <see cref="OverflowException"/> and never wraps.
/// </summary>
/// <remarks>
/// Micro-dollars would be too coarse: at $0.0375 per million tokens one token costs 37.5 nano-dollars. The range is about
/// ±9.2 billion dollars; one amount given by a caller is bounded by <see cref="MaxAmount"/>.
/// </remarks>
[GenerateSerializer, Alias("agentbudget.money")]
public readonly record struct Money : IComparable<Money>
{
    /// <summary>Nano-dollars in one dollar.</summary>
    public const long NanoDollarsPerDollar = 1_000_000_000;

    /// <summary>Decimal places that an amount may carry.</summary>
    public const int MaxDecimals = 9;

    private const int MaxTextLength = 32;
    private const decimal MaxDollars = 1_000_000_000m;

    /// <summary>No money.</summary>
    public static readonly Money Zero;

    /// <summary>The largest amount that one operation may name: one billion dollars.</summary>
    public static readonly Money MaxAmount = new((long)MaxDollars * NanoDollarsPerDollar);

    private Money(long nanoDollars) => NanoDollars = nanoDollars;

    /// <summary>The amount in nano-dollars.</summary>
    [Id(0)]
    public long NanoDollars { get; }

    /// <summary>The amount in dollars, exact.</summary>
    public decimal Dollars => (decimal)NanoDollars / NanoDollarsPerDollar;

    /// <summary>Makes an amount from nano-dollars.</summary>
    public static Money FromNanoDollars(long nanoDollars) => new(nanoDollars);

    /// <summary>Makes an amount from dollars.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than nine decimals, or beyond <see cref="MaxAmount"/> either way.</exception>
    public static Money FromDollars(decimal dollars)
    {
        EnsureInRange(dollars, nameof(dollars));
        var nanoDollars = dollars * NanoDollarsPerDollar;
        return nanoDollars == decimal.Truncate(nanoDollars)
            ? new Money((long)nanoDollars)
            : throw new ArgumentOutOfRangeException(
                nameof(dollars),
                $"{Text(dollars)} has more than {MaxDecimals} decimals; dollars go down to nano-dollars."
            );
    }

    /// <summary>Dollars as they stand in code, such as <c>0.05m</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than nine decimals, or beyond <see cref="MaxAmount"/> either way.</exception>
    public static implicit operator Money(decimal dollars) => FromDollars(dollars);

    /// <summary>Makes a cost from dollars, rounded up to the next nano-dollar. To be used once per charge.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or beyond <see cref="MaxAmount"/>.</exception>
    public static Money FromDollarsRoundedUp(decimal dollars)
    {
        EnsureInRange(dollars, nameof(dollars));
        ArgumentOutOfRangeException.ThrowIfNegative(dollars);
        return new Money((long)decimal.Ceiling(dollars * NanoDollarsPerDollar));
    }

    /// <summary>Reads <c>"$5.00"</c>, <c>"$5"</c>, <c>"5.00"</c> or <c>"5"</c>: dollars, up to nine decimals, not negative.</summary>
    /// <exception cref="FormatException">The text is anything else; the message says what is wrong with it.</exception>
    public static Money Parse(string text) => TryParse(text, out var money, out var problem) ? money : throw new FormatException(problem);

    /// <summary>Reads an amount as <see cref="Parse"/> does, without throwing.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="money">The amount, or zero.</param>
    /// <param name="problem">What is wrong with the text and what would be right; null on success.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out Money money, [NotNullWhen(false)] out string? problem)
    {
        money = Zero;
        var trimmed = text.AsSpan().Trim();
        problem = FindProblem(trimmed);
        if (problem is not null)
            return false;
        var digits = trimmed[0] == '$' ? trimmed[1..] : trimmed;
        // Digits and a point are all that is left, so only an amount beyond what a decimal holds can fail here.
        var isDecimal = decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars);
        if (!isDecimal || dollars > MaxDollars)
        {
            problem = $"{Quote(trimmed)} is more than {MaxAmount}, the largest amount one operation may name.";
            return false;
        }

        money = FromDollars(dollars);
        return true;
    }

    /// <summary>Adds two amounts.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.NanoDollars + right.NanoDollars));

    /// <summary>Subtracts one amount from another.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.NanoDollars - right.NanoDollars));

    /// <summary>Negates an amount.</summary>
    public static Money operator -(Money value) => new(checked(-value.NanoDollars));

    /// <summary>Compares two amounts.</summary>
    public static bool operator <(Money left, Money right) => left.NanoDollars < right.NanoDollars;

    /// <summary>Compares two amounts.</summary>
    public static bool operator >(Money left, Money right) => left.NanoDollars > right.NanoDollars;

    /// <summary>Compares two amounts.</summary>
    public static bool operator <=(Money left, Money right) => left.NanoDollars <= right.NanoDollars;

    /// <summary>Compares two amounts.</summary>
    public static bool operator >=(Money left, Money right) => left.NanoDollars >= right.NanoDollars;

    /// <summary>The smaller of two amounts.</summary>
    public static Money Min(Money left, Money right) => left <= right ? left : right;

    /// <summary>The larger of two amounts.</summary>
    public static Money Max(Money left, Money right) => left >= right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Money other) => NanoDollars.CompareTo(other.NanoDollars);

    /// <summary>For people: <c>$3.42</c>, <c>$0.106639</c>, <c>-$1.00</c>. All digits that matter, at least two decimals.</summary>
    public override string ToString() =>
        (NanoDollars < 0 ? "-$" : "$") + Math.Abs(Dollars).ToString("0.00#######", CultureInfo.InvariantCulture);

    /// <summary>For machines: a decimal string with nine decimals and no sign for dollars, <c>3.420000000</c>.</summary>
    public string ToDecimalString() => Dollars.ToString("0.000000000", CultureInfo.InvariantCulture);

    private static string? FindProblem(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return "An amount is missing; write dollars such as \"5.00\".";
        if (text.Length > MaxTextLength)
            return $"An amount of {text.Length} characters is too long; write dollars such as \"5.00\".";
        var number = text[0] == '$' ? text[1..] : text;
        if (number.IsEmpty)
            return $"{Quote(text)} has no digits; write dollars such as \"5.00\".";
        if (number[0] == '-' || text.StartsWith("-$", StringComparison.Ordinal))
            return $"{Quote(text)} is negative; an amount must not be below zero.";
        var point = number.IndexOf('.');
        var whole = point < 0 ? number : number[..point];
        var fraction = point < 0 ? [] : number[(point + 1)..];
        var malformed =
            (point >= 0 && fraction.IsEmpty) || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9');
        if (malformed)
            return $"{Quote(text)} is not an amount; write dollars such as \"5.00\", without exponent, sign or separators.";
        return fraction.Length > MaxDecimals
            ? $"{Quote(text)} has more than {MaxDecimals} decimals; dollars go down to nano-dollars."
            : null;
    }

    // The text comes from outside and ends in messages and logs: control characters must not.
    private static string Quote(ReadOnlySpan<char> text)
    {
        var safe = new char[text.Length];
        for (var i = 0; i < safe.Length; i++)
            safe[i] = char.IsControl(text[i]) ? '?' : text[i];
        return $"\"{new string(safe)}\"";
    }

    private static void EnsureInRange(decimal dollars, string name)
    {
        if (Math.Abs(dollars) > MaxDollars)
            throw new ArgumentOutOfRangeException(
                name,
                $"{Text(dollars)} dollars is beyond {MaxAmount}, the largest amount one operation may name."
            );
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
