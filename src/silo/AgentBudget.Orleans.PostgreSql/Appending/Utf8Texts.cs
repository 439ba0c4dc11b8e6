using System.Buffers;

namespace AgentBudget.Orleans.PostgreSql.Appending;

/// <summary>
/// Texts of one batch, side by side as UTF-8: they are written as UTF-8 and travel as UTF-8, so a string in between would only be
/// garbage. Kept and filled again. Not for several threads at once.
/// </summary>
internal sealed class Utf8Texts
{
    private const int FirstBytes = 16 * 1024;

    // What one uncommonly large batch took is not kept for all that follow.
    private const int MostKeptBytes = 1024 * 1024;

    private readonly List<int> ends = [];
    private readonly List<ReadOnlyMemory<byte>> texts = [];
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
        texts.Clear();
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
        texts.Clear();
        if (buffer.Capacity > MostKeptBytes)
            buffer = new ArrayBufferWriter<byte>(FirstBytes);
        else
            buffer.ResetWrittenCount();
    }
}
