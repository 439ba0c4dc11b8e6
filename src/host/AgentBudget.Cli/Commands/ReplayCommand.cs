using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget replay</c>: what a budget would have done to recorded runs.</summary>
internal static class ReplayCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "replay",
            "Replays recorded runs against a budget, without waiting: a backtest of the budget before it goes live."
        );
        var options = new ReplayOptions();
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, terminal, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        ReplayOptions options,
        CliTerminal terminal,
        CancellationToken cancellationToken
    )
    {
        var files = options.ReadFiles(parsed);
        var settings = options.ReadSettings(parsed);
        var store = StoreAddress.Parse(parsed.GetValue(options.Store) ?? "memory");
        var isJson = parsed.GetValue(options.Json);
        await using var replayer = await Replayer.StartAsync(store.SqlitePath, cancellationToken: cancellationToken);

        var results = new List<ReplayResult>();
        var messages = new Messages();
        var isDone = true;
        try
        {
            await ReplayProgressBar.RunAsync(
                terminal.ProgressScreen,
                files.Length,
                async progress =>
                {
                    // A line written through a bar would tear it.
                    void TellPeople(Action message) => messages.Tell(message, progress is not null);
                    foreach (var file in files)
                    {
                        var result = await TryReplayAsync(replayer, file, settings, progress, terminal, TellPeople, cancellationToken);
                        isDone &= result is not null;
                        if (result is not null && isJson)
                            messages.Tell(() => WriteJson(terminal, result), progress is not null && terminal.IsWatched);
                        else if (result is not null)
                            results.Add(result);
                    }
                }
            );
        }
        finally
        {
            // Who gives up has what was done by then.
            messages.TellDelayed();
        }

        if (results.Count > 0)
            ReplayView.Write(terminal.Screen, results, isKept: store.SqlitePath is not null);
        return isDone ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static void WriteJson(CliTerminal terminal, ReplayResult result) => terminal.Out.WriteLine(ReplayResultJson.Write(result));

    private static async Task<ReplayResult?> TryReplayAsync(
        Replayer replayer,
        string file,
        ReplaySettings settings,
        IProgress<ReplayProgress>? progress,
        CliTerminal terminal,
        Action<Action> tell,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var result = await replayer.ReplayAsync(file, settings, progress, cancellationToken);
            if (result.UnpricedCalls > 0)
                tell(() => terminal.Warn(Unpriced(result)));
            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && Failures.Describe(exception) is not null)
        {
            // The next file may be well.
            var message = Failures.Describe(exception)!;
            tell(() => terminal.Error(exception is TraceException ? message : $"{file}: {message}"));
            return null;
        }
    }

    private static string Unpriced(ReplayResult result)
    {
        var calls = result.UnpricedCalls == 1 ? "1 call has" : FormattableString.Invariant($"{result.UnpricedCalls} calls have");
        return $"{result.File}: {calls} no price and no recorded cost and are left out of all sums: "
            + $"{string.Join(", ", result.UnpricedModels)}."
            + " Record their cost in the trace, or name a model of the price book.";
    }

    /// <summary>What is said while a bar is drawn waits until it is gone.</summary>
    private sealed class Messages
    {
        private readonly List<Action> delayed = [];

        public void Tell(Action message, bool isUnderABar)
        {
            if (isUnderABar)
                delayed.Add(message);
            else
                message();
        }

        public void TellDelayed()
        {
            foreach (var message in delayed)
                message();
        }
    }
}
