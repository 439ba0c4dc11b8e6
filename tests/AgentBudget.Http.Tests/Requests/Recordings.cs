using System.Buffers.Binary;

namespace AgentBudget.Http.Tests.Requests;

/// <summary>Sound for forms.</summary>
internal static class Recordings
{
    /// <summary>A recording in the form RIFF/WAVE, of silence; with a chunk in front that is of no use, as some programs write.</summary>
    public static byte[] Wave(int bytesPerSecond, int bytes)
    {
        var file = new byte[bytes];
        "RIFF"u8.CopyTo(file);
        "WAVELIST"u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), 3);
        "fmt "u8.CopyTo(file.AsSpan(24));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(28), 16);
        // Whole numbers of two bytes, one channel.
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(32), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(34), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(36), (uint)bytesPerSecond / 2);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), (uint)bytesPerSecond);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(44), 2);
        return file;
    }
}
