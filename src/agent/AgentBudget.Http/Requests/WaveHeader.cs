using System.Buffers.Binary;

namespace AgentBudget.Http.Requests;

/// <summary>How fast a recording in the form RIFF/WAVE is played, as its header says: how long it is need not be guessed.</summary>
internal static class WaveHeader
{
    // RIFF, its size, WAVE; then chunks, of which the one called "fmt " tells format, channels, samples and bytes a second.
    private const int ChunksAt = 12;
    private const int ChunkHeader = 8;
    private const int RateAt = 8;
    private const int MaxChunks = 16;

    /// <summary>Bytes of a second; null where it is no such recording, or does not say.</summary>
    public static uint? BytesPerSecondOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < ChunksAt || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
            return null;
        var at = (long)ChunksAt;
        for (var i = 0; i < MaxChunks && at + ChunkHeader + RateAt + sizeof(uint) <= file.Length; i++)
        {
            var chunk = file[(int)at..];
            if (chunk.StartsWith("fmt "u8))
                return BinaryPrimitives.ReadUInt32LittleEndian(chunk[(ChunkHeader + RateAt)..]) is > 0 and var rate ? rate : null;
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            // Chunks begin at even places.
            at += ChunkHeader + size + (size & 1);
        }

        return null;
    }
}
