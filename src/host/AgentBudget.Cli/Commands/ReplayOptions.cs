using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Replay;

namespace AgentBudget.Cli.Commands;

/// <summary>The options of <c>agentbudget replay</c>, and what they say.</summary>
internal sealed class ReplayOptions
{
    private readonly Option<string> budget = Named<string>("--budget", "USD", "The budget of each run in dollars, such as 5.00. Required.");

    private readonly Option<string> mode = Named<string>(
        "--mode",
        "reserve|charge",
        "reserve (default): a call that does not fit is not made; charge: costs are recorded after the fact."
    );

    private readonly Option<string[]> soft = Named<string[]>(
        "--soft",
        "FRACTION",
        "A soft limit as a fraction of the budget; may be given again. Default 0.9."
    );

    private readonly Option<string> loops = Named<string>("--loops", "default|off", "Loop detection. Default: on.");

    private readonly Option<string> loopCalls = Named<string>(
        "--loop-calls",
        "N",
        "The count of similar calls in a time window that trips, from 2 to 256. Default 10."
    );

    private readonly Option<string> loopWindow = Named<string>(
        "--loop-window",
        "DURATION",
        "The window for that, such as 60s, 5m or 1h. Default 60s."
    );

    public Argument<string[]> Files { get; } =
        new("FILE") { Arity = ArgumentArity.ZeroOrMore, Description = "Recorded runs: JSON lines, a header and then one event a line." };

    public Option<string> Store { get; } = StoreAddress.OptionForReplay();

    public Option<bool> Json { get; } = new("--json") { Description = "Write one JSON object a file, each on one line." };

    public void AddTo(Command command)
    {
        command.Add(Files);
        Option[] options = [budget, mode, soft, loops, loopCalls, loopWindow, Store, Json];
        foreach (var option in options)
            command.Add(option);
    }

    /// <summary>The files named.</summary>
    public string[] ReadFiles(ParseResult parsed) => FilesOf(parsed.GetValue(Files), "agentbudget replay FILE... --budget USD");

    /// <summary>Files that were named to a command.</summary>
    /// <param name="named">The names.</param>
    /// <param name="usage">How it is used.</param>
    public static string[] FilesOf(string[]? named, string usage)
    {
        var files = named ?? [];
        if (files.Length == 0)
            throw new UsageException($"No file is named; write {usage}.");
        if (files.Any(string.IsNullOrWhiteSpace))
            throw new UsageException("A file has no name; leave out the empty argument.");
        return files;
    }

    /// <summary>The rule for similar calls in a time window.</summary>
    public static LoopRule Rule(string? calls, string? window) =>
        new()
        {
            Calls = Inputs.Count("--loop-calls", calls, LoopRule.Default.Calls, 2, Bounds.LoopCalls),
            Window = Inputs.Duration("--loop-window", window, LoopRule.Default.Window, Bounds.LoopWindow),
        };

    /// <summary>The budget and its rules.</summary>
    public ReplaySettings ReadSettings(ParseResult parsed)
    {
        var rule = Rule(parsed.GetValue(loopCalls), parsed.GetValue(loopWindow));
        var isOn = Inputs.Word("--loops", parsed.GetValue(loops), ("default", true), ("off", false));
        var fractions = parsed.GetValue(soft) ?? [];
        if (fractions.Length > Bounds.SoftLimits)
            throw new UsageException($"--soft is given {fractions.Length} times; at most {Bounds.SoftLimits} are allowed.");
        var settings = new ReplaySettings
        {
            Budget = Inputs.Dollars("--budget", parsed.GetValue(budget)),
            Mode = Inputs.Word("--mode", parsed.GetValue(mode), ("reserve", ReplayMode.Reserve), ("charge", ReplayMode.Charge)),
            Loops = isOn ? new LoopPolicy { Rule = rule } : LoopPolicy.Off,
        };
        return fractions.Length == 0
            ? settings
            : settings with
            {
                SoftLimits = [.. fractions.Select(text => Inputs.Fraction("--soft", text))],
            };
    }

    private static Option<T> Named<T>(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
