using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AgentBudget.Ledger;

/// <summary>Checks of what callers send. Each throws <see cref="ArgumentException"/> naming the thing and the mend.</summary>
internal static class Checks
{
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@-"
    );

    private static readonly string IdRange =
        $"it must have 1 to {Bounds.IdLength} characters, and only letters, digits and . _ : / @ - (ASCII)";

    public static void Id(string? value, string what)
    {
        if (string.IsNullOrEmpty(value))
            throw new ArgumentException($"{what} is missing; {IdRange}.");
        if (value.Length > Bounds.IdLength)
            throw new ArgumentException($"{what} has {value.Length} characters; {IdRange}.");
        if (!IsId(value))
            throw new ArgumentException($"{what} holds something else than it may; {IdRange}.");
    }

    // A tenant is what stands before the mark: a child must not make one of its parent's id.
    public static void ChildName(string? value)
    {
        Id(value, "The child's name");
        if (value!.Contains(SessionIds.TenantMark, StringComparison.Ordinal))
            throw new ArgumentException(
                $"The child's name holds {SessionIds.TenantMark}, which stands behind a tenant's path; take it out."
            );
    }

    public static bool IsId(ReadOnlySpan<char> value) => !value.ContainsAnyExcept(IdCharacters);

    public static void OptionalId(string? value, string what)
    {
        if (value is not null)
            Id(value, what);
    }

    public static void Name(string? value, string what, int most = Bounds.NameLength)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException($"{what} is missing.");
        Text(value, what, most);
    }

    public static void Text(string? value, string what, int most)
    {
        if (value is null)
            return;
        if (value.Length > most)
            throw new ArgumentException($"{what} has {value.Length} characters; at most {most} are allowed.");
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return;
        for (var i = 0; i < value.Length; i++)
        {
            if (IsMisleading(value, i))
                throw new ArgumentException(
                    $"{what} holds U+{char.ConvertToUtf32(value, i):X4}, which shows as nothing, breaks a line or changes how text is "
                        + "shown; "
                        + "take it out."
                );
            if (char.IsControl(value[i]))
                throw new ArgumentException($"{what} holds a control character; take it out.");
            if (!char.IsSurrogate(value[i]))
                continue;
            // Half a character has no form in UTF-8: it would be stored, and sent, as something else than was given.
            if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                throw new ArgumentException($"{what} holds half a character (a lone surrogate, U+{(int)value[i]:X4}); take it out.");
            i++;
        }
    }

    /// <summary>What stands for the rest in reports is nobody's name: the two would be added up.</summary>
    public static void NotReserved(string? value, string what)
    {
        if (value is Breakdown.OtherName or TenantSpend.NoName)
            throw new ArgumentException($"{what} is {value}, which stands for all the rest in reports; take another.");
    }

    // Whoever reads does not see them: a name would pass for another.
    private static bool IsMisleading(string text, int index) =>
        CharUnicodeInfo.GetUnicodeCategory(text, index)
            is UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
        && !IsJoining(text, index);

    // Some scripts and emoji are written with joiners; between ASCII letters there is nothing to join.
    private static bool IsJoining(string text, int index) =>
        text[index] is '\u200C' or '\u200D'
        && index > 0
        && index + 1 < text.Length
        && !char.IsAscii(text[index - 1])
        && !char.IsAscii(text[index + 1]);

    public static void Given([NotNull] object? value, string what)
    {
        if (value is null)
            throw new ArgumentException($"{what} is null; give one, or leave it out for the default where it has one.");
    }

    public static void Defined<T>(T value, string what)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentException($"{what} is {value}, which is unknown; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    public static void Cost(Money value, string what)
    {
        if (value < Money.Zero)
            throw new ArgumentException($"{what} is {value}; a cost must not be negative.");
        AtMostMaxAmount(value, what);
    }

    public static void ByUsage(Money amount, Call? call)
    {
        if (amount != Money.Zero)
            throw new ArgumentException($"The amount is {amount} and the call is to be priced by its usage; leave one of the two out.");
        if (call is not { Kind: CallKind.Model })
            throw new ArgumentException("Only a model call can be priced by its usage; name the model, or an amount.");
        if (call.Usage == default)
            throw new ArgumentException("The call is to be priced by its usage and carries none; give token counts, or an amount.");
    }

    public static void Positive(Money value, string what)
    {
        if (value <= Money.Zero)
            throw new ArgumentException($"{what} is {value}; it must be above $0.00.");
        AtMostMaxAmount(value, what);
    }

    public static void Range(TimeSpan value, (TimeSpan Least, TimeSpan Most) bounds, string what)
    {
        if (value < bounds.Least || value > bounds.Most)
            throw new ArgumentException($"{what} is {value}; it must be from {bounds.Least} to {bounds.Most}.");
    }

    public static void OptionalRange(TimeSpan? value, (TimeSpan Least, TimeSpan Most) bounds, string what)
    {
        if (value is { } some)
            Range(some, bounds, what);
    }

    public static void Source(PauseSources value, string what)
    {
        if (value is not (PauseSources.Operator or PauseSources.Parent))
            throw new ArgumentException($"{what} is {value}; it must be the operator or the parent, one of them.");
    }

    public static void AtMost(int count, int most, string what)
    {
        if (count > most)
            throw new ArgumentException($"{what}: {count} given; at most {most} are allowed.");
    }

    public static void Fraction(decimal value, bool zeroAllowed, bool oneAllowed, string what)
    {
        var low = zeroAllowed ? value >= 0 : value > 0;
        var high = oneAllowed ? value <= 1 : value < 1;
        if (low && high)
            return;
        throw new ArgumentException(
            FormattableString.Invariant(
                $"{what} is {value}; it must be in {(zeroAllowed ? '[' : '(')}0, 1{(oneAllowed ? ']' : ')')}, a fraction of the budget."
            )
        );
    }

    private static void AtMostMaxAmount(Money value, string what)
    {
        if (value > Money.MaxAmount)
            throw new ArgumentException($"{what} is {value}; one operation may name at most {Money.MaxAmount}.");
    }
}
