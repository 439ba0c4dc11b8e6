using System.Buffers.Binary;

namespace AgentBudget.Http.Requests;

/// <summary>How fast a recording in the form RIFF/WAVE is played, as its header says: how long it is need not be guessed.</summary>
internal static class WaveHeader
{
    // RIFF, its size, WAVE; then chunks, of which the one called "fmt " tells format, channels, samples and bytes a second, and the bytes
    // of a sample of all channels.
    private const int ChunksAt = 12;
    private const int ChunkHeader = 8;
    private const int SamplesAt = 4;
    private const int RateAt = 8;
    private const int SampleBytesAt = 12;
    private const int FormatEnd = 14;

    // Samples as they are: whole numbers, fractions, and either of them with a longer header.
    private const int Whole = 1;
    private const int Fractions = 3;
    private const int Extensible = 0xFFFE;
    private const int MaxChunks = 16;

    /// <summary>Bytes of a second; null where it is no such recording, or does not say. Of two figures that differ the smaller one is
    /// taken: who plays it goes by samples, and a header that says too much would make the recording shorter than it is.</summary>
    public static uint? BytesPerSecondOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < ChunksAt || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
            return null;
        var at = (long)ChunksAt;
        for (var i = 0; i < MaxChunks && at + ChunkHeader + FormatEnd <= file.Length; i++)
        {
            var chunk = file[(int)at..];
            if (chunk.StartsWith("fmt "u8))
                return RateOf(chunk[ChunkHeader..]);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            // Chunks begin at even places.
            at += ChunkHeader + size + (size & 1);
        }

        return null;
    }

    private static uint? RateOf(ReadOnlySpan<byte> format)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(format) is not (Whole or Fractions or Extensible))
            return null;
        var samples = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(format[SamplesAt..]);
        var bySamples = samples * BinaryPrimitives.ReadUInt16LittleEndian(format[SampleBytesAt..]);
        var rate = Math.Min(bySamples, BinaryPrimitives.ReadUInt32LittleEndian(format[RateAt..]));
        return rate > 0 ? (uint)rate : null;
    }
}
