using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>The kept values of one document, or of a response so far. Of fixed size; what does not fit is as if it were not
/// there.</summary>
internal sealed class FieldValues
{
    /// <summary>The longest text that is kept: that of a model's name in the price table, and of ids.</summary>
    public const int MaxTextLength = PriceBook.MaxModelNameLength;

    private const int TextStep = 32;

    private readonly long[] counts = new long[WireFields.Counts];
    private readonly decimal[] amounts = new decimal[WireFields.Amounts];
    private readonly byte[]?[] texts = new byte[WireFields.Texts][];
    private readonly byte[] lengths = new byte[WireFields.Texts];
    private ulong present;
    private ulong unreadable;

    public WireMarks Marks { get; set; }

    public long GeneratedBytes { get; set; }

    /// <summary>What was used apart from the totals, or by other models.</summary>
    public List<WirePart>? Parts { get; private set; }

    public bool Has(WireField field) => (present & (1UL << (int)field)) != 0;

    /// <summary>Whether something stands where a count is billed by that is no count: what it was is not known, and not zero.</summary>
    public bool HasUnreadable => (unreadable & WireFields.Billed) != 0;

    /// <summary>Whether something that is no count stands where this one is looked for.</summary>
    public bool IsUnreadable(WireField field) => (unreadable & (1UL << (int)field)) != 0;

    public bool HasAnyOf(ReadOnlySpan<WireField> fields)
    {
        foreach (var field in fields)
        {
            if (Has(field))
                return true;
        }

        return false;
    }

    public long this[WireField field] => Has(field) ? counts[(int)field] : 0;

    public decimal Amount(WireField field) => amounts[(int)field - WireFields.Counts];

    /// <summary>Whether a response says nothing more by a second document with these values: what is counted, or told of one item, would
    /// add up. Which candidate it is of does not.</summary>
    public bool IsRepeatable =>
        (present & ~(1UL << (int)WireField.Candidates)) == 0
        && unreadable == 0
        && Parts is null
        && lengths.AsSpan(PlaceOf(WireField.Status), WireField.Model - WireField.Status).IndexOfAnyExcept((byte)0) < 0;

    public ReadOnlySpan<byte> Text(WireField field)
    {
        var place = PlaceOf(field);
        return texts[place].AsSpan(0, lengths[place]);
    }

    public string? TextOf(WireField field) => Text(field) is { IsEmpty: false } text ? Encoding.UTF8.GetString(text) : null;

    public void Clear()
    {
        present = 0;
        unreadable = 0;
        Marks = WireMarks.None;
        GeneratedBytes = 0;
        Parts = null;
        Array.Clear(lengths);
    }

    /// <summary>Takes a value as the document writes it. One count can stand under several names: the largest is right.</summary>
    public void Set(WireField field, ReadOnlySpan<byte> text)
    {
        switch (WireFields.KindOf(field))
        {
            case WireKind.Count when field == WireField.IsOwnKey:
                if (text.SequenceEqual("true"u8))
                    SetCount(field, 1);
                break;
            case WireKind.Count when TryParseCount(text, out var count):
                SetCount(field, Math.Max(this[field], count));
                break;
            case WireKind.Count:
                SetUnreadable(field);
                break;
            case WireKind.Amount when TryParseAmount(text, out var amount):
                amounts[(int)field - WireFields.Counts] = amount;
                present |= 1UL << (int)field;
                break;
            case WireKind.Text:
                SetText(field, text);
                break;
            case WireKind.Tally when !text.IsEmpty:
                Add(field, 1);
                break;
        }
    }

    /// <summary>Something that is no count stands where one is looked for.</summary>
    public void SetUnreadable(WireField field) => unreadable |= 1UL << (int)field;

    /// <summary>Takes over what another document says that cannot be read.</summary>
    public void OverlayUnreadable(FieldValues later) => unreadable |= later.unreadable;

    public void SetText(WireField field, ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxTextLength)
            return;
        var place = PlaceOf(field);
        // Few fields have one, and most are short; a longer one takes the place of a shorter, and not often.
        if (texts[place] is not { } kept || kept.Length < text.Length)
            texts[place] = kept = new byte[Math.Min((text.Length + TextStep) & ~(TextStep - 1), MaxTextLength)];
        text.CopyTo(kept);
        lengths[place] = (byte)text.Length;
    }

    public void AddBit(WireField field, long bit) => SetCount(field, this[field] | bit);

    public void Add(WireField field, long count) => SetCount(field, Math.Min(this[field] + count, TokenUsage.MaxCount));

    /// <summary>Takes a number back that more digits follow behind a comma: the sum of money is not known then, and of counts none
    /// is.</summary>
    public void TakeBack(WireField field)
    {
        var kind = WireFields.KindOf(field);
        if (kind == WireKind.Amount)
            present &= ~(1UL << (int)field);
        else if (kind == WireKind.Count)
            (present, unreadable, Parts) = (0, unreadable | (1UL << (int)field), null);
    }

    /// <summary>Forgets the fields of an item of an array, once it has been read.</summary>
    public void DropItem()
    {
        for (var field = WireField.ItemInput; field <= WireField.ItemCacheWriteOneHour; field++)
            present &= ~(1UL << (int)field);
        for (var field = WireField.ItemType; field <= WireField.ItemContainer; field++)
            DropText(field);
    }

    /// <summary>Forgets the fields of one of several answers; a stream has one in each of its events.</summary>
    public void DropCandidate()
    {
        present &= ~(1UL << (int)WireField.ItemIndex);
        DropText(WireField.ItemStopped);
    }

    public void DropText(WireField field) => lengths[PlaceOf(field)] = 0;

    public void AddPart(in WirePart part)
    {
        Parts ??= [];
        for (var i = 0; i < Parts.Count; i++)
        {
            if ((Parts[i].Model != part.Model || Parts[i].IsInTotal != part.IsInTotal) && i + 1 < ResponseReader.MaxOtherParts)
                continue;
            Parts[i] = Parts[i] with { Usage = TidyUsage.Sum(Parts[i].Usage, part.Usage) };
            return;
        }

        Parts.Add(part);
    }

    /// <summary>Takes over what another document says; what it leaves out stays, its counts only where they are stated field by
    /// field.</summary>
    public void Overlay(FieldValues later, bool keepsCounts)
    {
        const ulong countsAndAmounts = (1UL << (WireFields.Counts + WireFields.Amounts)) - 1;
        if (!keepsCounts)
            (present, unreadable) = (present & ~countsAndAmounts, 0);
        unreadable = (unreadable & ~later.present) | later.unreadable;
        for (var rest = later.present & countsAndAmounts; rest != 0; rest &= rest - 1)
        {
            var field = BitOperations.TrailingZeroCount(rest);
            if (field < WireFields.Counts)
                counts[field] = later.counts[field];
            else
                amounts[field - WireFields.Counts] = later.amounts[field - WireFields.Counts];
        }

        present |= later.present & countsAndAmounts;
        if (later.Parts is not null || !keepsCounts)
            Parts = later.Parts;
    }

    /// <summary>Takes over the texts of another document that say something.</summary>
    public void OverlayTexts(FieldValues later)
    {
        for (var field = WireField.Model; field <= WireField.Container; field++)
        {
            if (later.Text(field) is { IsEmpty: false } text)
                SetText(field, text);
        }
    }

    private static int PlaceOf(WireField field) => (int)field - WireFields.Counts - WireFields.Amounts;

    private void SetCount(WireField field, long count)
    {
        counts[(int)field] = count;
        present |= 1UL << (int)field;
    }

    private static bool TryParseCount(ReadOnlySpan<byte> text, out long count)
    {
        // Each event of a stream has an index.
        if (text.Length == 1 && char.IsAsciiDigit((char)text[0]))
        {
            count = text[0] - '0';
            return true;
        }

        if (Utf8Parser.TryParse(text, out count, out var used) && used == text.Length)
        {
            return IsCount(count);
        }

        // Some write whole numbers with a point or an exponent.
        if (!TryParseAmount(text, out var amount))
            return false;
        if (!IsCount(amount))
            return false;
        count = (long)Math.Ceiling(amount);
        return true;
    }

    // What no call can have used is a slip, and what was meant is not known.
    private static bool IsCount(decimal count) => count is >= 0m and <= TokenUsage.MaxCount;

    private static bool TryParseAmount(ReadOnlySpan<byte> text, out decimal amount) =>
        decimal.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out amount
        );
}
