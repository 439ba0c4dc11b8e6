using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>What the sense of loops found: a row a run, and an explanation of each finding.</summary>
internal static class LoopsView
{
    public static void Write(IAnsiConsole console, IReadOnlyList<LoopResult> results)
    {
        var listing = new Listing()
            .Add("Run")
            .Add("Verdict")
            .Add("Rule")
            .Add("Event")
            .Add("Spent before", isNumber: true, mayGo: true)
            .Add("Full run", isNumber: true, mayGo: true);
        foreach (var result in results)
        {
            listing.AddRow(
                RunName.Of(result.File),
                Cell.State(ReplayWords.Of(result.Verdict)),
                result.Evidence is { } found ? Words.Of(found.Rule) : "",
                result.AtEvent is { } at ? FormattableString.Invariant($"{at} of {result.EventsTotal}") : "",
                result.AtEvent is null ? "" : result.SpentBefore.ToString(),
                result.FullCost.ToString()
            );
        }

        listing.Write(console);
        console.WriteText("");
        foreach (var result in results)
        {
            if (result.Evidence is { } evidence)
                Explain(console, result, evidence);
            if (result.ExhaustedAtEvent is { } exhausted)
                console.WriteText(
                    FormattableString.Invariant(
                        $"{RunName.Of(result.File)}: the budget of {result.Budget} does not pay for event {exhausted}; the run ended there."
                    )
                );
        }

        if (results.Any(result => result.Budget is null))
            console.WriteText("The rules of money (spend, and the share of a wait) are left out without --budget.");
    }

    private static void Explain(IAnsiConsole console, LoopResult result, LoopEvidence evidence)
    {
        var earlier =
            result.Verdict == LoopVerdict.Tripped && result.WarnedAtEvent is { } warned
                ? FormattableString.Invariant($", warned at event {warned}")
                : "";
        console.WriteText(
            FormattableString.Invariant($"{RunName.Of(result.File)}: {ReplayWords.Of(result.Verdict)} at event {result.AtEvent} ")
                + $"by rule {Words.Of(evidence.Rule)}{earlier}: {evidence.Finding}, for {evidence.Spent}."
        );
        var before = evidence.Count - 1 > result.Events.Count ? "the last of them at" : "at";
        console.WriteText(
            $"Calls {before} events {string.Join(", ", result.Events)}, and this one. What resets it: {evidence.Reset}.",
            indent: 2
        );
    }
}
