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

    private readonly byte[] prelude = new byte[PreludeLength];
    private int preludeRead;
    private long headersLeft;
    private long payloadLeft;
    private int checksumLeft;
    private bool isWhole;
    private bool isBroken;

    public void Restart()
    {
        (preludeRead, headersLeft, payloadLeft, checksumLeft) = (0, 0, 0, 0);
        (isWhole, isBroken) = (false, false);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && !isBroken)
        {
            if (preludeRead < PreludeLength)
                ReadPrelude(ref bytes);
            else if (headersLeft > 0)
                headersLeft -= Take(ref bytes, headersLeft).Length;
            else if (payloadLeft > 0)
                ReadPayload(Take(ref bytes, payloadLeft));
            else
                ReadChecksum(ref bytes);
        }
    }

    private void ReadPrelude(ref ReadOnlySpan<byte> bytes)
    {
        var piece = Take(ref bytes, PreludeLength - preludeRead);
        piece.CopyTo(prelude.AsSpan(preludeRead));
        preludeRead += piece.Length;
        if (preludeRead < PreludeLength)
            return;
        var total = BinaryPrimitives.ReadUInt32BigEndian(prelude);
        headersLeft = BinaryPrimitives.ReadUInt32BigEndian(prelude.AsSpan(4));
        payloadLeft = total - PreludeLength - headersLeft - ChecksumLength;
        checksumLeft = ChecksumLength;
        isBroken = payloadLeft < 0;
    }

    private void ReadPayload(ReadOnlySpan<byte> payload)
    {
        payloadLeft -= payload.Length;
        var at = 0;
        if (!isWhole)
            isWhole = scanner.Scan(payload, ref at);
    }

    private void ReadChecksum(ref ReadOnlySpan<byte> bytes)
    {
        checksumLeft -= Take(ref bytes, checksumLeft).Length;
        if (checksumLeft > 0)
            return;
        endEvent(isWhole);
        isWhole = false;
        preludeRead = 0;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, long most)
    {
        var taken = bytes[..(int)Math.Min(bytes.Length, most)];
        bytes = bytes[taken.Length..];
        return taken;
    }
}
