using AgentBudget.Replay;

namespace AgentBudget;

/// <summary>A recorded run cannot be read or replayed. The message names the file, the line where there is one, and what is
/// wrong.</summary>
public sealed class TraceException : Exception
{
    internal TraceException(string file, string problem, Exception? innerException = null)
        : base($"{Shown.Name(file)}: {problem}", innerException) => File = file;

    internal TraceException(string file, int line, string problem, Exception? innerException = null)
        : base(FormattableString.Invariant($"{Shown.Name(file)}, line {line}: {problem}"), innerException) => (File, Line) = (file, line);

    /// <summary>The file, as it was named.</summary>
    public string File { get; }

    /// <summary>The line, counted from 1 with the header; 0 when the problem is not in one line.</summary>
    public int Line { get; }
}
