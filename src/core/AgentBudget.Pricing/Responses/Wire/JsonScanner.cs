using System.Buffers;

namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>
/// Finds the fields of a <see cref="FieldNode"/> tree in JSON that comes in pieces cut anywhere. Everything else is skipped without being
/// kept or checked: a document is whole when its brackets are. What is no JSON gives a document without fields, or none.
/// </summary>
internal sealed class JsonScanner(FieldNode root, FieldValues values)
{
    private const int MaxDepth = 24;

    private static readonly SearchValues<byte> Structural = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> AfterBare = SearchValues.Create(",]}: \t\r\n\"[{"u8);

    private readonly FieldNode?[] _open = new FieldNode?[MaxDepth];
    private readonly TextBuffer _text = new();
    private State _state;
    private int _depth;
    private uint _objects;
    private long _skippedDepth;
    private FieldNode? _target;
    private bool _expectsName;

    private enum State : byte
    {
        Between,
        Text,
        Bare,
        Skipping,
        SkippedText,
    }

    /// <summary>Whether a document has begun and is not whole.</summary>
    public bool IsInside => _depth > 0 || _skippedDepth > 0;

    public void Reset()
    {
        _state = State.Between;
        _depth = 0;
        _skippedDepth = 0;
        _objects = 0;
        _target = null;
        _expectsName = false;
        _text.Begin();
    }

    /// <summary>Reads on until a document is whole or the bytes are used up.</summary>
    /// <param name="bytes">The next bytes.</param>
    /// <param name="at">Where to begin; set behind what was read.</param>
    /// <returns>Whether a document is whole: the values are those of it.</returns>
    public bool Scan(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            switch (_state)
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
                    at++;
                    _text.Begin();
                    _state = State.Text;
                    ReadText(bytes, ref at);
                    if (_state != State.Between)
                        return false;
                    break;
                case (byte)'{' or (byte)'[':
                    Open(bytes[at++] == '{');
                    if (_state != State.Between)
                        return false;
                    break;
                case (byte)'}' or (byte)']':
                    at++;
                    if (Close())
                        return true;
                    break;
                default:
                    _text.Begin();
                    _state = State.Bare;
                    ReadBare(bytes, ref at);
                    if (_state != State.Between)
                        return false;
                    break;
            }
        }

        return false;
    }

    private void Open(bool isObject)
    {
        var node = _depth == 0 ? root : _target;
        // Outside of a document an array is a row of documents.
        if (_depth == 0 && !isObject)
            return;
        if (node is null || _depth == MaxDepth)
        {
            _skippedDepth = 1;
            _state = State.Skipping;
            return;
        }

        values.Marks |= node.Marks;
        _open[_depth] = node;
        _objects = isObject ? _objects | (1u << _depth) : _objects & ~(1u << _depth);
        _depth++;
        Expect();
    }

    private bool Close()
    {
        if (_depth == 0)
            return false;
        var node = _open[--_depth]!;
        node.OnClose?.Invoke(values);
        Expect();
        return _depth == 0;
    }

    // After a value: the next name of an object, or the next element of an array.
    private void Expect()
    {
        _expectsName = _depth > 0 && (_objects & (1u << (_depth - 1))) != 0;
        _target = _depth == 0 || _expectsName ? null : _open[_depth - 1]!.Element;
    }

    private void ReadText(ReadOnlySpan<byte> bytes, ref int at)
    {
        var isKept = _expectsName || _target is { Kind: not (WireKind.None or WireKind.Generated) };
        if (!_text.ReadOn(bytes, ref at, isKept, out var text))
            return;
        _state = State.Between;
        if (_expectsName)
        {
            _target = _open[_depth - 1]!.Find(text);
            _expectsName = false;
            return;
        }

        if (_target is { } node)
        {
            values.Marks |= node.Marks;
            if (isKept)
                values.Set(node.Field, text);
            else if (node.Kind == WireKind.Generated)
                values.GeneratedBytes += _text.Length;
        }

        Expect();
    }

    private void ReadBare(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var end = rest.IndexOfAny(AfterBare);
        var piece = end < 0 ? rest : rest[..end];
        at += piece.Length;
        var node = _target;
        if (end < 0)
        {
            _text.Keep(piece);
            return;
        }

        _state = State.Between;
        if (node is not null)
        {
            var text = _text.With(piece);
            if (!text.SequenceEqual("null"u8))
            {
                values.Marks |= node.Marks;
                if (node.Kind is WireKind.Count or WireKind.Amount)
                    values.Set(node.Field, text);
            }
        }

        Expect();
    }

    private void Skip(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            if (_state == State.SkippedText)
            {
                if (!_text.ReadOn(bytes, ref at, isKept: false, out _))
                    return;
                _state = State.Skipping;
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
                    _text.Begin();
                    _state = State.SkippedText;
                    break;
                case (byte)'{' or (byte)'[':
                    _skippedDepth++;
                    break;
                default:
                    if (--_skippedDepth > 0)
                        break;
                    _state = State.Between;
                    Expect();
                    return;
            }
        }
    }
}
