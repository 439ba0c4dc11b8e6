using System.Runtime.InteropServices;

namespace AgentBudget;

/// <summary>
/// A stable 64-bit hash of the body of a command: it tells a retry from another intent under the same idempotency key. It stands in
/// stored timelines, so the algorithm must never change. It is no defence against forgery and needs none: a caller who forges a
/// collision only replays an answer of its own session.
/// </summary>
/// <remarks>Words are mixed by multiply and xor-shift, with the constants of SplitMix64 (Steele, Lea and Flood, 2014).</remarks>
public struct BodyHash
{
    private ulong state;

    /// <summary>Adds a number.</summary>
    public void Add(long value)
    {
        var mixed = state + (ulong)value + 0x9E3779B97F4A7C15UL;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        state = mixed ^ (mixed >> 31);
    }

    /// <summary>Adds an amount.</summary>
    public void Add(Money value) => Add(value.NanoDollars);

    /// <summary>Adds a duration; null and zero differ.</summary>
    public void Add(TimeSpan? value) => Add(value?.Ticks ?? -1);

    /// <summary>Adds a fraction.</summary>
    public void Add(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        // Normalised first: 0.9 and 0.90 are the same fraction.
        decimal.GetBits(value / 1.000000000000000000000000000000m, parts);
        foreach (var part in parts)
            Add(part);
    }

    /// <summary>Adds a text; null and empty differ.</summary>
    public void Add(string? value)
    {
        if (value is null)
        {
            Add(-1L);
            return;
        }

        Add((long)value.Length);
        var characters = value.AsSpan();
        var words = MemoryMarshal.Cast<char, long>(characters);
        foreach (var word in words)
            Add(word);
        foreach (var character in characters[(words.Length * 4)..])
            Add((long)character);
    }

    /// <summary>The hash of all that was added.</summary>
    public readonly long Value => (long)state;

    /// <summary>The hash of one text, for small look-up tables.</summary>
    public static ulong Of(string text)
    {
        var hash = default(BodyHash);
        hash.Add(text);
        return hash.state;
    }
}
