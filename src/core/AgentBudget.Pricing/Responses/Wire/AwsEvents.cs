using System.Buffers.Binary;

namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>
/// The payloads of AWS's binary event stream (<c>application/vnd.amazon.eventstream</c>): a total length, a length of headers and a check
/// sum, headers, the payload, and a check sum. Sums are not checked: TLS has done so.
/// </summary>
internal sealed class AwsEvents(JsonScanner scanner, Action<bool> endEvent)
{
    private const int PreludeLength = 12;
    private const int ChecksumLength = 4;

    private readonly byte[] _prelude = new byte[PreludeLength];
    private int _preludeRead;
    private long _headersLeft;
    private long _payloadLeft;
    private int _checksumLeft;
    private bool _isWhole;
    private bool _isBroken;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && !_isBroken)
        {
            if (_preludeRead < PreludeLength)
                ReadPrelude(ref bytes);
            else if (_headersLeft > 0)
                _headersLeft -= Take(ref bytes, _headersLeft).Length;
            else if (_payloadLeft > 0)
                ReadPayload(Take(ref bytes, _payloadLeft));
            else
                ReadChecksum(ref bytes);
        }
    }

    private void ReadPrelude(ref ReadOnlySpan<byte> bytes)
    {
        var piece = Take(ref bytes, PreludeLength - _preludeRead);
        piece.CopyTo(_prelude.AsSpan(_preludeRead));
        _preludeRead += piece.Length;
        if (_preludeRead < PreludeLength)
            return;
        var total = BinaryPrimitives.ReadUInt32BigEndian(_prelude);
        _headersLeft = BinaryPrimitives.ReadUInt32BigEndian(_prelude.AsSpan(4));
        _payloadLeft = total - PreludeLength - _headersLeft - ChecksumLength;
        _checksumLeft = ChecksumLength;
        _isBroken = _payloadLeft < 0;
    }

    private void ReadPayload(ReadOnlySpan<byte> payload)
    {
        _payloadLeft -= payload.Length;
        var at = 0;
        if (!_isWhole)
            _isWhole = scanner.Scan(payload, ref at);
    }

    private void ReadChecksum(ref ReadOnlySpan<byte> bytes)
    {
        _checksumLeft -= Take(ref bytes, _checksumLeft).Length;
        if (_checksumLeft > 0)
            return;
        endEvent(_isWhole);
        _isWhole = false;
        _preludeRead = 0;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, long most)
    {
        var taken = bytes[..(int)Math.Min(bytes.Length, most)];
        bytes = bytes[taken.Length..];
        return taken;
    }
}
