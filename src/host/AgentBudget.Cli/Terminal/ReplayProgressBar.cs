using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>Shows how far a series of replays has come, on a console where a person watches; gone when it is done.</summary>
public static class ReplayProgressBar
{
    /// <summary>Runs work under a bar.</summary>
    /// <param name="console">Where to show it; nothing is shown when it is not interactive.</param>
    /// <param name="files">How many files will be replayed.</param>
    /// <param name="work">Replays them one after another, and reports to what it is given.</param>
    public static async Task RunAsync(IAnsiConsole console, int files, Func<IProgress<ReplayProgress>?, Task> work)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(work);
        if (!console.Profile.Capabilities.Interactive)
        {
            await work(null);
            return;
        }

        await console
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context => work(new Bar(context.AddTask("replay", maxValue: files))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<ReplayProgress>
    {
        private string? file;
        private int filesDone = -1;

        public void Report(ReplayProgress value)
        {
            if (file != value.File)
            {
                file = value.File;
                filesDone++;
            }

            task.Description = Markup.Escape($"{RunName.Of(value.File)} {value.Spent}");
            task.Value = filesDone + ((double)value.Event / value.EventsTotal);
        }
    }
}
