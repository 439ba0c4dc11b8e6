using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget loops</c>: what the sense of loops makes of recorded runs.</summary>
internal static class LoopsCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command("loops", "Looks for loops in recorded runs, by the rules of a session, and explains what it finds.");
        var options = new TraceOptions();
        var budget = new Option<string>("--budget")
        {
            HelpName = "USD",
            Description = "The budget of each run in dollars, such as 5.00, for the rules of money. Default: those rules are left out.",
        };
        options.AddTo(command);
        command.Add(budget);
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var named = options.ReadFiles(parsed, "agentbudget loops FILE...");
                var policy = new LoopPolicy { Rule = options.ReadRule(parsed) };
                var dollars = parsed.GetValue(budget) is { } text ? Inputs.Dollars("--budget", text) : (Money?)null;
                return RunAsync(named, policy, dollars, parsed.GetValue(options.Json), terminal, cancellationToken);
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
