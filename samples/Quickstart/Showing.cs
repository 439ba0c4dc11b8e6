using AgentBudget;
using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace Quickstart;

/// <summary>Replays one recorded run and shows what its budget did to it.</summary>
internal sealed class Showing(Replayer replayer, IAnsiConsole screen)
{
    public async Task RunAsync(string title, string trace, ReplaySettings settings)
    {
        screen.WritePlainLine("");
        screen.WritePlainLine(title);
        screen.WritePlainLine($"   {trace}, budget {settings.Budget}");
        var file = Path.Combine(AppContext.BaseDirectory, "traces", trace);
        ReplayResult? result = null;
        await ReplayProgressBar.RunAsync(
            screen,
            files: 1,
            async bar => result = await replayer.ReplayAsync(file, settings, bar ?? new Lines(screen))
        );
        ReportView.Write(screen, result!.Report, Ending.Describe(result));
        screen.WritePlainLine($"The run without a budget cost {result.FullCost}; {result.Saved} saved.");
    }

    /// <summary>Progress where there is no terminal to draw a bar on: a line a quarter.</summary>
    private sealed class Lines(IAnsiConsole screen) : IProgress<ReplayProgress>
    {
        private int quarters;

        public void Report(ReplayProgress value)
        {
            var done = value.Event * 4 / value.EventsTotal;
            if (done == quarters)
                return;
            quarters = done;
            screen.WritePlainLine($"   event {value.Event} of {value.EventsTotal}: {value.Spent} spent");
        }
    }
}
