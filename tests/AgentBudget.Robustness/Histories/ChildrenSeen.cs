using System.Text;

namespace AgentBudget.Robustness.Histories;

/// <summary>The carved children that clients have asked for so far, read from their histories while these grow.</summary>
/// <param name="paths">The histories; one that is not there yet has none.</param>
public sealed class ChildrenSeen(IReadOnlyList<string> paths)
{
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
        var text = reader.ReadToEnd();
        // A line that is being written is read the next time.
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        positions[index] += Encoding.UTF8.GetByteCount(whole);
        foreach (var line in whole.Split('\n'))
        {
            if (!line.Contains(nameof(OpenCarvedChildCommand.Child), StringComparison.Ordinal))
                continue;
            if (HistoryJson.Read<HistoryLine>(line).Sent?.Command is OpenCarvedChildCommand open)
                ids.Add(open.Child);
        }
    }
}
