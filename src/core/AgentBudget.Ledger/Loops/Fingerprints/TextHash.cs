using System.Security.Cryptography;
using System.Text;

namespace AgentBudget.Ledger;

/// <summary>SHA-256 over texts, each of which ends with a zero byte, and a buffer for what is written in between.</summary>
internal sealed class TextHash : IDisposable
{
    [ThreadStatic]
    private static System.Buffers.ArrayBufferWriter<byte>? shared;

    // Taken while in use: a hash within a hash would otherwise write into the same buffer.
    private readonly System.Buffers.ArrayBufferWriter<byte> buffer = Take();

    public System.Buffers.ArrayBufferWriter<byte> Buffer => buffer;

    public void Add(string text)
    {
        // Encoding.UTF8 puts a replacement where a surrogate stands alone; agents do cut texts in the middle of a character.
        Encoding.UTF8.GetBytes(text, buffer);
        buffer.GetSpan(1)[0] = 0;
        buffer.Advance(1);
    }

    public ulong Value()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, digest);
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest);
        return value == 0 ? 1 : value;
    }

    public void Dispose()
    {
        if (buffer.Capacity <= 4 * Bounds.ArgumentsLength)
            shared = buffer;
    }

    private static System.Buffers.ArrayBufferWriter<byte> Take()
    {
        var taken = shared ?? new System.Buffers.ArrayBufferWriter<byte>(1024);
        shared = null;
        taken.ResetWrittenCount();
        return taken;
    }
}
