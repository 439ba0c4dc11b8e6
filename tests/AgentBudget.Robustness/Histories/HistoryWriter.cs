namespace AgentBudget.Robustness.Histories;

/// <summary>Takes down what a client does, line by line and handed to the system at once, so that a dead client's history is
/// whole.</summary>
public sealed class HistoryWriter(TextWriter writer) : IDisposable
{
    private readonly Lock gate = new();

    /// <summary>A history in a file of its own.</summary>
    public static HistoryWriter To(string path) =>
        new(new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read)) { AutoFlush = true });

    /// <summary>Takes down what is about to be sent.</summary>
    public void Write(Invocation invocation) => WriteLine(HistoryJson.Text(new HistoryLine(invocation, null)));

    /// <summary>Takes down what became of it.</summary>
    public void Write(Outcome outcome) => WriteLine(HistoryJson.Text(new HistoryLine(null, outcome)));

    public void Dispose() => writer.Dispose();

    private void WriteLine(string line)
    {
        lock (gate)
            writer.WriteLine(line);
    }
}

/// <summary>One line of a history: one of the two.</summary>
public sealed record HistoryLine(Invocation? Sent, Outcome? Known);

/// <summary>Reads histories.</summary>
public static class HistoryReader
{
    /// <summary>All operations of a file. A last line that was broken off is left out.</summary>
    public static IReadOnlyList<Operation> ReadFile(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return Read(reader);
    }

    /// <summary>All operations of a history.</summary>
    public static IReadOnlyList<Operation> Read(TextReader reader)
    {
        var sent = new Dictionary<(string, long), Invocation>();
        var known = new Dictionary<(string, long), Outcome>();
        while (reader.ReadLine() is { } text)
        {
            if (!text.EndsWith('}') && reader.Peek() < 0)
                break;
            var line = HistoryJson.Read<HistoryLine>(text);
            if (line.Sent is { } invocation)
                sent[(invocation.Client, invocation.Number)] = invocation;
            if (line.Known is { } outcome)
                known[(outcome.Client, outcome.Number)] = outcome;
        }

        return
        [
            .. sent.Select(pair => new Operation(pair.Value, known.GetValueOrDefault(pair.Key)))
                .OrderBy(operation => operation.Invocation.SentAt),
        ];
    }
}
