using System.CommandLine;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Commands;

/// <summary>What commands on recorded runs share: the files, and the rule for similar calls in a time window.</summary>
internal sealed class TraceOptions
{
    private readonly Argument<string[]> files = new("FILE")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Recorded runs: JSON lines, a header and then one event a line.",
    };

    private readonly Option<string> calls = new("--loop-calls")
    {
        HelpName = "N",
        Description = "The count of similar calls in a time window that trips, from 2 to 256. Default 10.",
    };

    private readonly Option<string> window = new("--loop-window")
    {
        HelpName = "DURATION",
        Description = "The window for that, such as 60s, 5m or 1h. Default 60s.",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Write one JSON object a file, each on one line." };

    public void AddTo(Command command)
    {
        command.Add(files);
        command.Add(calls);
        command.Add(window);
        command.Add(Json);
    }

    /// <summary>The files named.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="usage">How the command is used.</param>
    public string[] ReadFiles(ParseResult parsed, string usage)
    {
        var named = parsed.GetValue(files) ?? [];
        if (named.Length == 0)
            throw new UsageException($"No file is named; write {usage}.");
        if (named.Any(string.IsNullOrWhiteSpace))
            throw new UsageException("A file has no name; leave out the empty argument.");
        return named;
    }

    /// <summary>The rule for similar calls in a time window.</summary>
    public LoopRule ReadRule(ParseResult parsed) =>
        new()
        {
            Calls = Inputs.Count(calls.Name, parsed.GetValue(calls), LoopRule.Default.Calls, 2, Bounds.LoopCalls),
            Window = Inputs.Duration(window.Name, parsed.GetValue(window), LoopRule.Default.Window, Bounds.LoopWindow),
        };
}
