using System.Numerics;

namespace AgentBudget;

/// <summary>
/// Tells how alike two arguments are without keeping them: 64 bits by which the share of words that two texts have in common can be
/// estimated. Each bit is the lowest-ranked word of the text under one of 64 rankings, reduced to one bit: two texts that share a part
/// <c>s</c> of all their words agree on about <c>(1 + s) / 2</c> of the bits, give or take 0.06.
/// </summary>
/// <remarks>
/// MinHash (Broder, 1997) with one bit kept of each minimum (Li and König, 2010). A word is a run of letters, digits and underscores;
/// their order does not matter, nor does how often they come.
/// </remarks>
public static class ArgumentSketch
{
    private const int Rankings = 64;

    private static readonly uint[] Multipliers = MakeMultipliers();

    /// <summary>The sketch of a text; 0 when it has no words.</summary>
    public static ulong Of(string arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        Span<uint> least = stackalloc uint[Rankings];
        least.Fill(uint.MaxValue);
        var hasWords = false;
        var text = arguments.Length > Bounds.ArgumentsLength ? arguments.AsSpan(0, Bounds.ArgumentsLength) : arguments;
        for (var at = 0; at < text.Length; at++)
        {
            if (!IsWordPart(text[at]))
                continue;
            var word = 2166136261U;
            for (; at < text.Length && IsWordPart(text[at]); at++)
                word = (word ^ text[at]) * 16777619U;
            Rank(word, least);
            hasWords = true;
        }

        return hasWords ? Reduced(least) : 0;
    }

    private static void Rank(uint word, Span<uint> least)
    {
        // The hash of a short word is far from even; this spreads it.
        word ^= word >> 16;
        word *= 0x7FEB352D;
        word ^= word >> 15;
        var spread = new Vector<uint>(word);
        for (var i = 0; i < Rankings; i += Vector<uint>.Count)
        {
            var place = least[i..];
            var ranks = spread * new Vector<uint>(Multipliers, i);
            Vector.Min(new Vector<uint>(place), ranks ^ (ranks >> 16)).CopyTo(place);
        }
    }

    private static ulong Reduced(ReadOnlySpan<uint> least)
    {
        var sketch = 0UL;
        for (var i = 0; i < Rankings; i++)
        {
            var mixed = least[i] * 0x846CA68B;
            sketch |= (ulong)((mixed ^ (mixed >> 13)) >> 7 & 1) << i;
        }

        return sketch == 0 ? 1 : sketch;
    }

    private static bool IsWordPart(char character) => char.IsLetterOrDigit(character) || character == '_';

    // Odd numbers, so that no ranking forgets a bit of the word; the constants of SplitMix64 (Steele, Lea and Flood, 2014).
    private static uint[] MakeMultipliers()
    {
        var multipliers = new uint[Rankings];
        var state = 0UL;
        for (var i = 0; i < Rankings; i++)
        {
            state += 0x9E3779B97F4A7C15UL;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            multipliers[i] = (uint)(mixed >> 32) | 1;
        }

        return multipliers;
    }
}
