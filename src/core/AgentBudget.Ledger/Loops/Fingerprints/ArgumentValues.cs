using System.Text;
using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>The texts among the arguments of a call, and where a failure quotes them.</summary>
internal sealed class ArgumentValues
{
    /// <summary>The shortest text that is looked for.</summary>
    public const int Shortest = 3;

    private const int MaxValues = 32;
    private const int PairBits = 4096;

    private static readonly ArgumentValues None = new([]);

    private readonly List<string> values;

    // First characters of the values, so that most places of a text are passed by at one look.
    private readonly (ulong Low, ulong High) firsts;
    private readonly bool hasOtherFirsts;

    // Which pairs of neighbours the values have, roughly: most of what is asked for has one that they have not.
    private ulong[]? pairs;

    private ArgumentValues(List<string> values)
    {
        this.values = values;
        foreach (var value in values)
        {
            var first = value[0];
            if (first < 64)
                firsts.Low |= 1UL << first;
            else if (first < 128)
                firsts.High |= 1UL << (first - 64);
            else
                hasOtherFirsts = true;
        }
    }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => values.Count == 0;

    /// <summary>Reads them; arguments that are no JSON are one value.</summary>
    public static ArgumentValues Of(string? argumentsJson)
    {
        if (string.IsNullOrEmpty(argumentsJson) || argumentsJson.Length > Bounds.ArgumentsLength)
            return None;
        List<string> found = [];
        try
        {
            Collect(argumentsJson, found);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            found.Clear();
            found.Add(argumentsJson);
        }

        return found.Count == 0 ? None : new ArgumentValues(found);
    }

    /// <summary>Whether one of them holds a text.</summary>
    public bool Contain(ReadOnlySpan<char> part)
    {
        if (values.Count == 0 || !MayContain(part))
            return false;
        foreach (var value in values)
        {
            if (value.Length >= part.Length && value.AsSpan().IndexOf(part) >= 0)
                return true;
        }

        return false;
    }

    /// <summary>Whether one of them holds a text as a whole word.</summary>
    public bool ContainWord(ReadOnlySpan<char> word)
    {
        if (values.Count == 0 || !MayContain(word))
            return false;
        foreach (var value in values)
        {
            var text = value.AsSpan();
            for (var from = 0; text[from..].IndexOf(word) is >= 0 and var found; from += found + 1)
            {
                var (at, end) = (from + found, from + found + word.Length);
                if ((at == 0 || !IsWordPart(text[at - 1])) && (end == text.Length || !IsWordPart(text[end])))
                    return true;
            }
        }

        return false;
    }

    /// <summary>The length of the longest of them that a line has at a place, as whole words; 0 for none.</summary>
    public int LengthAt(ReadOnlySpan<char> line, int at)
    {
        if (!MayBeginWith(line[at]) || (at > 0 && IsWordPart(line[at - 1])))
            return 0;
        var longest = 0;
        foreach (var value in values)
        {
            if (value.Length <= longest || !line[at..].StartsWith(value))
                continue;
            var end = at + value.Length;
            if (end == line.Length || !IsWordPart(line[end]) || !IsWordPart(value[^1]))
                longest = value.Length;
        }

        return longest;
    }

    /// <summary>Whether a character is part of a word.</summary>
    public static bool IsWordPart(char character) => char.IsLetterOrDigit(character) || character == '_';

    private bool MayContain(ReadOnlySpan<char> part)
    {
        pairs ??= PairsOf(values);
        for (var i = 1; i < part.Length; i++)
        {
            var pair = PairOf(part[i - 1], part[i]);
            if ((pairs[pair >> 6] & (1UL << (pair & 63))) == 0)
                return false;
        }

        return true;
    }

    private static ulong[] PairsOf(List<string> values)
    {
        var pairs = new ulong[PairBits / 64];
        foreach (var value in values)
        {
            for (var i = 1; i < value.Length; i++)
            {
                var pair = PairOf(value[i - 1], value[i]);
                pairs[pair >> 6] |= 1UL << (pair & 63);
            }
        }

        return pairs;
    }

    private static int PairOf(char first, char second) => ((first * 67) + second) & (PairBits - 1);

    private bool MayBeginWith(char character) =>
        character < 64 ? (firsts.Low & (1UL << character)) != 0
        : character < 128 ? (firsts.High & (1UL << (character - 64))) != 0
        : hasOtherFirsts;

    // A lone surrogate is replaced: agents do cut texts in the middle of a character.
    private static void Collect(string argumentsJson, List<string> found)
    {
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(argumentsJson.Length));
        try
        {
            var reader = new Utf8JsonReader(rented.AsSpan(0, Encoding.UTF8.GetBytes(argumentsJson, rented)));
            // All of it is read, so that what is no JSON is found out.
            while (reader.Read())
            {
                if (
                    reader.TokenType == JsonTokenType.String
                    && found.Count < MaxValues
                    && reader.GetString()!.Trim() is { Length: >= Shortest } text
                )
                    found.Add(text);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
