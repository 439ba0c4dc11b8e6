using System.CommandLine;
using AgentBudget.Cli.Input;

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

    private readonly TraceOptions traces = new();

    public Option<string> Store { get; } = StoreAddress.OptionForReplay();

    public Option<bool> Json => traces.Json;

    public void AddTo(Command command)
    {
        traces.AddTo(command);
        Option[] options = [budget, mode, soft, loops, Store];
        foreach (var option in options)
            command.Add(option);
    }

    /// <summary>The files named.</summary>
    public string[] ReadFiles(ParseResult parsed) => traces.ReadFiles(parsed, "agentbudget replay FILE... --budget USD");

    /// <summary>The budget and its rules.</summary>
    public ReplaySettings ReadSettings(ParseResult parsed)
    {
        var rule = traces.ReadRule(parsed);
        var isOn = Inputs.Word("--loops", parsed.GetValue(loops), ("default", true), ("off", false));
        var fractions = parsed.GetValue(soft) ?? [];
        if (fractions.Length > Bounds.SoftLimits)
            throw new UsageException($"--soft is given {fractions.Length} times; at most {Bounds.SoftLimits} are allowed.");
        var settings = new ReplaySettings
        {
            Budget = Inputs.Dollars("--budget", parsed.GetValue(budget)),
            Mode = Inputs.Word("--mode", parsed.GetValue(mode), Worded(ReplayMode.Reserve), Worded(ReplayMode.Charge)),
            Loops = isOn ? new LoopPolicy { Rule = rule } : LoopPolicy.Off,
        };
        return fractions.Length == 0
            ? settings
            : settings with
            {
                SoftLimits = [.. fractions.Select(text => Inputs.Fraction("--soft", text))],
            };
    }

    private static (string Word, ReplayMode Mode) Worded(ReplayMode mode) => (ReplayWords.Of(mode), mode);

    private static Option<T> Named<T>(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
