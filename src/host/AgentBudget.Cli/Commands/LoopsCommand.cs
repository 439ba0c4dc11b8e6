using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Views;
using AgentBudget.Replay;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget loops</c>: what the sense of loops makes of recorded runs.</summary>
internal static class LoopsCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command("loops", "Looks for loops in recorded runs, by the rules of a session, and explains what it finds.");
        var files = new Argument<string[]>("FILE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Recorded runs: JSON lines, a header and then one event a line.",
        };
        var calls = new Option<string>("--loop-calls")
        {
            HelpName = "N",
            Description = "The count of similar calls in a time window that trips, from 2 to 256. Default 10.",
        };
        var window = new Option<string>("--loop-window")
        {
            HelpName = "DURATION",
            Description = "The window for that, such as 60s, 5m or 1h. Default 60s.",
        };
        var budget = new Option<string>("--budget")
        {
            HelpName = "USD",
            Description = "The budget of each run in dollars, such as 5.00, for the rules of money. Default: those rules are left out.",
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object a file, each on one line." };
        command.Add(files);
        command.Add(calls);
        command.Add(window);
        command.Add(budget);
        command.Add(json);
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var named = ReplayOptions.FilesOf(parsed.GetValue(files), "agentbudget loops FILE...");
                var policy = new LoopPolicy { Rule = ReplayOptions.Rule(parsed.GetValue(calls), parsed.GetValue(window)) };
                var dollars = parsed.GetValue(budget) is { } text ? Inputs.Dollars("--budget", text) : (Money?)null;
                return RunAsync(named, policy, dollars, parsed.GetValue(json), terminal, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string[] files,
        LoopPolicy policy,
        Money? budget,
        bool isJson,
        CliTerminal terminal,
        CancellationToken cancellationToken
    )
    {
        var results = new List<LoopResult>();
        var isDone = true;
        foreach (var file in files)
        {
            try
            {
                var result = await LoopExaminer.ExamineAsync(file, policy, budget: budget, cancellationToken: cancellationToken);
                if (isJson)
                    terminal.Out.WriteLine(LoopResultJson.Write(result));
                else
                    results.Add(result);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && Failures.Describe(exception) is not null)
            {
                // The next file may be well.
                isDone = false;
                var message = Failures.Describe(exception)!;
                terminal.Error(exception is TraceException ? message : $"{file}: {message}");
            }
        }

        if (results.Count > 0)
            LoopsView.Write(terminal.Screen, results);
        return isDone ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
