using System.Buffers;

namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>
/// The bytes of the last event, without the texts and numbers in it that nobody looks at. Most events of a stream differ from the one
/// before in these alone, so they say the same again, and comparing bytes tells that many times faster than reading them.
/// </summary>
internal sealed class EventPattern
{
    private const int MaxFixedBytes = 1024;
    private const int MaxGaps = 16;

    // Where events differ, one in so many is kept all the same, in case that they begin to repeat.
    private const int Patience = 8;

    private static readonly SearchValues<byte> InText = SearchValues.Create("\"\\\r\n"u8);

    private readonly (int Start, int End, GapKind Kind)[] seen = new (int, int, GapKind)[MaxGaps];
    private readonly (int FixedEnd, GapKind Kind)[] gaps = new (int, GapKind)[MaxGaps];
    private byte[]? fixedBytes;
    private int seenCount;
    private int start;
    private bool isSeenWhole;
    private int gapCount;
    private int fixedLength;
    private uint misses;

    public enum GapKind : byte
    {
        Text,
        GeneratedText,
        Bare,
    }

    /// <summary>An event begins, at a place in the bytes at hand.</summary>
    public void Begin(int at)
    {
        start = at;
        seenCount = 0;
        isSeenWhole = misses < Patience || misses % Patience == 0;
    }

    /// <summary>The event that is being read will make no pattern: it is cut, or its parts are.</summary>
    public void GiveUp() => isSeenWhole = false;

    /// <summary>Forgets the pattern: the next event is read.</summary>
    public void Forget() => fixedLength = 0;

    /// <summary>Forgets it, and how often it was of no use.</summary>
    public void Restart()
    {
        Forget();
        (seenCount, gapCount, start, misses, isSeenWhole) = (0, 0, 0, 0, false);
    }

    /// <summary>What stands here matters to nobody, or only its length does.</summary>
    public void AddGap(int from, int to, GapKind kind)
    {
        if (seenCount == MaxGaps)
            isSeenWhole = false;
        else if (isSeenWhole)
            seen[seenCount++] = (from, to, kind);
    }

    /// <summary>The event that was begun has ended and is the pattern of the next ones.</summary>
    public void End(ReadOnlySpan<byte> bytes, int at)
    {
        fixedLength = 0;
        misses++;
        if (!isSeenWhole)
            return;
        gapCount = 0;
        var length = 0;
        var from = start;
        foreach (var gap in seen.AsSpan(0, seenCount))
        {
            if (!Keep(bytes[from..gap.Start], ref length))
                return;
            gaps[gapCount++] = (length, gap.Kind);
            from = gap.End;
        }

        if (Keep(bytes[from..at], ref length))
            fixedLength = length;
    }

    /// <summary>Steps over the whole events that are like the last one.</summary>
    /// <param name="bytes">The bytes at hand.</param>
    /// <param name="at">Where an event begins; set behind the last that is alike.</param>
    /// <returns>The bytes of generated text in them.</returns>
    public long Skip(ReadOnlySpan<byte> bytes, ref int at)
    {
        var generated = 0L;
        while (fixedLength > 0 && TryMatch(bytes[at..], out var length, out var text))
        {
            at += length;
            generated += text;
            misses = 0;
        }

        return generated;
    }

    private bool Keep(ReadOnlySpan<byte> piece, ref int length)
    {
        fixedBytes ??= new byte[MaxFixedBytes];
        if (!piece.TryCopyTo(fixedBytes.AsSpan(length)))
            return false;
        length += piece.Length;
        return true;
    }

    private bool TryMatch(ReadOnlySpan<byte> bytes, out int length, out long generated)
    {
        generated = 0;
        length = 0;
        var fixedAt = 0;
        foreach (var (fixedEnd, kind) in gaps.AsSpan(0, gapCount))
        {
            if (!bytes[length..].StartsWith(fixedBytes.AsSpan(fixedAt, fixedEnd - fixedAt)))
                return false;
            length += fixedEnd - fixedAt;
            fixedAt = fixedEnd;
            var escapes = 0;
            var gap = kind == GapKind.Bare ? bytes[length..].IndexOfAny(JsonScanner.AfterBare) : TextLength(bytes[length..], out escapes);
            // What is bare has at least one character.
            if (gap < 0 || (gap == 0 && kind == GapKind.Bare))
                return false;
            length += gap;
            if (kind == GapKind.GeneratedText)
                generated += gap - escapes;
        }

        if (!bytes[length..].StartsWith(fixedBytes.AsSpan(fixedAt, fixedLength - fixedAt)))
            return false;
        length += fixedLength - fixedAt;
        return true;
    }

    // Up to the closing quote; -1 where there is none, or none in this line.
    private static int TextLength(ReadOnlySpan<byte> bytes, out int escapes)
    {
        escapes = 0;
        for (var at = 0; ; )
        {
            var step = bytes[at..].IndexOfAny(InText);
            if (step < 0)
                return -1;
            at += step;
            if (bytes[at] == '"')
                return at;
            var escape = TextBuffer.EscapeLength(bytes[at..]);
            if (escape > bytes.Length - at || bytes.Slice(at, escape).IndexOfAny((byte)'\r', (byte)'\n') >= 0)
                return -1;
            escapes++;
            at += escape;
        }
    }
}
