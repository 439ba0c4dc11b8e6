using System.Globalization;
using System.Text.Json;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger;

/// <summary>The money after an entry, as an event says it.</summary>
internal readonly record struct SeenMoney(Money Budget, Money Spent, Money Settled, Money Overage, Money Reserved, Money Available)
{
    /// <summary>Whether three of the amounts follow from the others, as they do in every standing.</summary>
    public bool IsWhole
    {
        get
        {
            var standing = new Standing(0, Budget, Spent, Reserved, default, EndReason.None);
            return (Settled, Overage, Available) == (standing.Settled, standing.Overage, standing.Available);
        }
    }
}

/// <summary>What of an event's JSON is needed to prove that nothing is missing.</summary>
internal sealed record SeenEvent
{
    public required string Id { get; init; }
    public required string Ledger { get; init; }
    public required string Life { get; init; }
    public string? Parent { get; init; }
    public string? Tenant { get; init; }
    public required EventPlace Place { get; init; }
    public required string Time { get; init; }
    public SeenMoney After { get; init; }

    /// <summary>The amounts of its own.</summary>
    public SeenAmounts Amounts { get; init; }

    /// <summary>Whether it is what came of an entry, which can be so of any, and not what an entry did.</summary>
    public bool IsConsequence { get; init; }

    /// <summary>Whether a report within it, where there is one, says the same money.</summary>
    public bool IsReportAlike { get; init; } = true;

    public bool IsTenant => TenantLedgers.IsId(Ledger);

    /// <summary>Whether ledger, time, entry and part are those of its id.</summary>
    public bool IsWhereItsIdSays
    {
        get
        {
            var (head, tail) = ($"{Ledger}#", FormattableString.Invariant($".{Place.Sequence}.{Place.Part}"));
            return Id.Length > head.Length + tail.Length
                && Id.StartsWith(head, StringComparison.Ordinal)
                && Id.EndsWith(tail, StringComparison.Ordinal)
                && long.TryParse(
                    Id.AsSpan(head.Length..^tail.Length),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var ticks
                )
                && ticks >= 0
                && ticks <= DateTimeOffset.MaxValue.Ticks
                && JsonLine.Iso(new DateTimeOffset(ticks, TimeSpan.Zero)) == Time;
        }
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is no event.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static SeenEvent Read(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is no object");
        var type = Text(root, "type");
        if (EventTypes.Find(type) is not { } known)
            throw new FormatException($"there is no event '{type}'");
        var (after, data) = (Member(root, "after"), Member(root, "data"));
        var money = MoneyOf(after);
        return new SeenEvent
        {
            Id = Text(root, "id"),
            Ledger = Text(root, "ledger"),
            Life = Text(root, "life"),
            Parent = root.TryGetProperty("parent", out var parent) ? parent.GetString() : null,
            Tenant = root.TryGetProperty("tenant", out var tenant) ? tenant.GetString() : null,
            Place = new EventPlace(Count(root, "sequence"), Count(root, "part"), Count(root, "parts"), Count(root, "previous")),
            Time = Text(root, "time"),
            After = money,
            Amounts = SeenAmounts.Read(known, data, Amount),
            IsConsequence = known.IsConsequence,
            IsReportAlike = !data.TryGetProperty("report", out var report) || IsAlike(report, money),
        };
    }

    private static bool IsAlike(JsonElement report, SeenMoney money)
    {
        if (MoneyOf(report) != money)
            return false;
        var sum = Money.Zero;
        foreach (var category in Member(report, "spend").EnumerateArray())
            sum += Amount(category, "total");
        return sum == money.Spent;
    }

    private static SeenMoney MoneyOf(JsonElement of) =>
        new(
            Amount(of, "budget"),
            Amount(of, "spent"),
            Amount(of, "settled"),
            Amount(of, "overage"),
            Amount(of, "reserved"),
            Amount(of, "available")
        );

    private static JsonElement Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member)
            ? member
            : throw new FormatException($"it has no {name}");

    private static string Text(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } member
            ? member.GetString()!
            : throw new FormatException($"its {name} is no text");

    private static long Count(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out var count) && count >= 0
            ? count
            : throw new FormatException($"its {name} is no whole number");

    private static Money Amount(JsonElement of, string name)
    {
        var text = Text(of, name);
        const NumberStyles signed = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(text, signed, CultureInfo.InvariantCulture, out var dollars))
            throw new FormatException($"its {name} '{text}' is no amount");
        var nanoDollars = dollars * Money.NanoDollarsPerDollar;
        return decimal.Truncate(nanoDollars) == nanoDollars && Math.Abs(nanoDollars) <= long.MaxValue
            ? Money.FromNanoDollars((long)nanoDollars)
            : throw new FormatException($"its {name} '{text}' is no amount");
    }
}
