using System.Text;

namespace AgentBudget.Robustness.Histories;

/// <summary>The carved children that clients have asked for so far, read from their histories while these grow.</summary>
/// <param name="paths">The histories; one that is not there yet has none.</param>
public sealed class ChildrenSeen(IReadOnlyList<string> paths)
{
    private const int BufferSize = 1 << 16;

    private readonly long[] positions = new long[paths.Count];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    /// <summary>Their ids. What was read before is not read again.</summary>
    public IReadOnlyCollection<string> Read()
    {
        for (var i = 0; i < paths.Count; i++)
            ReadOn(i);
        return ids;
    }

    private void ReadOn(int index)
    {
        if (!File.Exists(paths[index]))
            return;
        using var file = new FileStream(paths[index], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = positions[index];
        using var reader = new StreamReader(file);
        var buffer = new char[BufferSize];
        var rest = "";
        while (reader.Read(buffer) is > 0 and var count)
        {
            var text = string.Concat(rest, buffer.AsSpan(0, count));
            // A line that is being written is read the next time.
            var whole = text[..(text.LastIndexOf('\n') + 1)];
            rest = text[whole.Length..];
            positions[index] += Encoding.UTF8.GetByteCount(whole);
            Take(whole);
        }
    }

    // Few lines of many ask for a child; only these are read as what they are.
    private void Take(string lines)
    {
        foreach (var line in lines.AsSpan().EnumerateLines())
        {
            if (!line.Contains(nameof(OpenCarvedChildCommand), StringComparison.Ordinal))
                continue;
            if (HistoryJson.Read<HistoryLine>(line.ToString()).Sent?.Command is OpenCarvedChildCommand open)
                ids.Add(open.Child);
        }
    }
}
