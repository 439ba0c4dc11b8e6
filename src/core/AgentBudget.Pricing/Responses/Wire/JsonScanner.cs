using System.Buffers;

namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>
/// Finds the fields of a <see cref="FieldNode"/> tree in JSON that comes in pieces cut anywhere. Everything else is skipped without being
/// kept or checked: a document is whole when its brackets are. What is no JSON gives a document without fields, or none.
/// </summary>
internal sealed class JsonScanner(FieldNode root, FieldValues values, EventPattern pattern)
{
    /// <summary>What ends a number or word.</summary>
    public static readonly SearchValues<byte> AfterBare = SearchValues.Create(",]}: \t\r\n\"[{"u8);

    private const int MaxDepth = 24;

    private static readonly SearchValues<byte> Structural = SearchValues.Create("\"{}[]"u8);

    private readonly FieldNode?[] open = new FieldNode?[MaxDepth];
    private readonly TextBuffer text = new();
    private State state;
    private int depth;
    private uint objects;
    private long skippedDepth;
    private FieldNode? target;
    private bool expectsName;
    private int valueStart;
    private WireField lastNumber;

    private enum State : byte
    {
        Between,
        Text,
        Bare,
        Skipping,
        SkippedText,
    }

    /// <summary>Whether a document has begun and is not whole.</summary>
    public bool IsInside => depth > 0 || skippedDepth > 0;

    public void Reset()
    {
        state = State.Between;
        depth = 0;
        skippedDepth = 0;
        objects = 0;
        target = null;
        expectsName = false;
        text.Begin();
    }

    /// <summary>Reads on until a document is whole or the bytes are used up.</summary>
    /// <param name="bytes">The bytes at hand.</param>
    /// <param name="at">Where to begin; set behind what was read.</param>
    /// <returns>Whether a document is whole: the values are those of it.</returns>
    public bool Scan(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (state != State.Between)
            pattern.GiveUp();
        while (at < bytes.Length)
        {
            switch (state)
            {
                case State.Between:
                    if (ReadStructure(bytes, ref at))
                        return true;
                    break;
                case State.Text:
                    ReadText(bytes, ref at);
                    break;
                case State.Bare:
                    ReadBare(bytes, ref at);
                    break;
                default:
                    Skip(bytes, ref at);
                    break;
            }
        }

        return false;
    }

    private bool ReadStructure(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            switch (bytes[at])
            {
                case (byte)',' or (byte)':' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    at++;
                    break;
                case (byte)'"':
                    valueStart = ++at;
                    if (TakeWholeText(bytes, ref at))
                        break;
                    text.Begin();
                    state = State.Text;
                    ReadText(bytes, ref at);
                    if (state != State.Between)
                        return false;
                    break;
                case (byte)'{' or (byte)'[':
                    Open(bytes[at++] == '{');
                    if (state != State.Between)
                        return false;
                    break;
                case (byte)'}' or (byte)']':
                    at++;
                    if (Close())
                        return true;
                    break;
                default:
                    text.Begin();
                    valueStart = at;
                    state = State.Bare;
                    ReadBare(bytes, ref at);
                    if (state != State.Between)
                        return false;
                    break;
            }
        }

        return false;
    }

    private void Open(bool isObject)
    {
        var node = depth == 0 ? root : target;
        // Outside of a document an array is a row of documents.
        if (depth == 0 && !isObject)
            return;
        if (node is null || depth == MaxDepth)
        {
            skippedDepth = 1;
            state = State.Skipping;
            return;
        }

        values.Marks |= node.Marks;
        if (node.Kind == WireKind.Count)
            values.SetUnreadable(node.Field);
        open[depth] = node;
        objects = isObject ? objects | (1u << depth) : objects & ~(1u << depth);
        depth++;
        lastNumber = WireField.None;
        Expect();
    }

    private bool Close()
    {
        if (depth == 0)
            return false;
        var node = open[--depth]!;
        node.OnClose?.Invoke(values);
        Expect();
        return depth == 0;
    }

    // After a value: the next name of an object, or the next element of an array.
    private void Expect()
    {
        expectsName = depth > 0 && (objects & (1u << (depth - 1))) != 0;
        target = depth == 0 || expectsName ? null : open[depth - 1]!.Element;
    }

    // Almost every text is short, lies within the bytes at hand and has no escape in it.
    private bool TakeWholeText(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var end = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || rest[end] != '"')
            return false;
        at += end + 1;
        TakeText(rest[..end], end, at);
        // What stands behind a name, or between values.
        if (at < bytes.Length && bytes[at] is (byte)':' or (byte)',')
            at++;
        return true;
    }

    private void ReadText(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (!text.ReadOn(bytes, ref at, expectsName || IsKept(target), out var whole))
            return;
        state = State.Between;
        TakeText(whole, text.Length, at);
    }

    private static bool IsKept(FieldNode? node) => node is { Kind: not (WireKind.None or WireKind.Generated) };

    // A name, or a value; of one that is not kept only the length is known.
    private void TakeText(ReadOnlySpan<byte> text, long length, int at)
    {
        lastNumber = WireField.None;
        if (expectsName)
        {
            target = open[depth - 1]!.Find(text);
            expectsName = false;
            return;
        }

        var isKept = IsKept(target);
        var isGenerated = target?.Kind == WireKind.Generated;
        if (target is { } node)
        {
            values.Marks |= node.Marks;
            if (isKept)
                values.Set(node.Field, text);
            else if (isGenerated)
                values.GeneratedBytes += length;
        }

        if (!isKept && depth > 0)
            pattern.AddGap(valueStart, at - 1, isGenerated ? EventPattern.GapKind.GeneratedText : EventPattern.GapKind.Text);

        Expect();
    }

    private void ReadBare(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var end = rest.IndexOfAny(AfterBare);
        var piece = end < 0 ? rest : rest[..end];
        at += piece.Length;
        var node = target;
        if (end < 0)
        {
            this.text.Keep(piece);
            return;
        }

        state = State.Between;
        // A decimal comma, or one between thousands, ends the number and leaves its rest where a name is expected.
        if (expectsName)
            values.TakeBack(lastNumber);
        else
            lastNumber = node?.Field ?? WireField.None;
        if (node is not null)
        {
            var text = this.text.With(piece);
            if (!text.SequenceEqual("null"u8))
            {
                values.Marks |= node.Marks;
                if (node.Kind is WireKind.Count or WireKind.Amount)
                    values.Set(node.Field, text);
            }
        }
        else if (depth > 0)
        {
            pattern.AddGap(valueStart, at, EventPattern.GapKind.Bare);
        }

        Expect();
    }

    private void Skip(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            if (state == State.SkippedText)
            {
                if (!text.ReadOn(bytes, ref at, isKept: false, out _))
                    return;
                state = State.Skipping;
                continue;
            }

            var step = bytes[at..].IndexOfAny(Structural);
            if (step < 0)
            {
                at = bytes.Length;
                return;
            }

            at += step + 1;
            switch (bytes[at - 1])
            {
                case (byte)'"':
                    text.Begin();
                    state = State.SkippedText;
                    break;
                case (byte)'{' or (byte)'[':
                    skippedDepth++;
                    break;
                default:
                    if (--skippedDepth > 0)
                        break;
                    state = State.Between;
                    Expect();
                    return;
            }
        }
    }
}
