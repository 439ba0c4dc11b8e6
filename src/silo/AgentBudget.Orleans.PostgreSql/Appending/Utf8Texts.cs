using System.Buffers;

namespace AgentBudget.Orleans.PostgreSql.Appending;

/// <summary>
/// Texts of one batch, side by side as UTF-8: they are written as that and travel as that, so a string in between would only be garbage.
/// Kept and filled again. Not for several threads at once.
/// </summary>
internal sealed class Utf8Texts
{
    private const int FirstBytes = 16 * 1024;

    // The largest batch of common entries takes a third of this; what an uncommonly large one took is not kept for all that follow.
    private const int MostKeptBytes = 4 * 1024 * 1024;

    private readonly List<int> ends = [];
    private ArrayBufferWriter<byte> buffer = new(FirstBytes);

    /// <summary>Adds a text.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        buffer.Write(utf8);
        ends.Add(buffer.WrittenCount);
    }

    /// <summary>The texts, in the order in which they were added. Good until the next one is added, or all are cleared.</summary>
    public List<ReadOnlyMemory<byte>> All()
    {
        // Not before all are there: the buffer moves when it grows.
        var written = buffer.WrittenMemory;
        var texts = new List<ReadOnlyMemory<byte>>(ends.Count);
        var start = 0;
        foreach (var end in ends)
        {
            texts.Add(written[start..end]);
            start = end;
        }

        return texts;
    }

    public void Clear()
    {
        ends.Clear();
        if (buffer.Capacity > MostKeptBytes)
            buffer = new ArrayBufferWriter<byte>(FirstBytes);
        else
            buffer.ResetWrittenCount();
    }
}
