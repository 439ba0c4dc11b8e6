using System.Runtime.CompilerServices;
using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>
/// A table of docs/gates.md, which is what the gates do. <c>AGENTBUDGET_GATES=1</c> writes it anew, which is then looked at before it
/// lands.
/// </summary>
internal static class GateTable
{
    private const string Begin = "| gate |";

    /// <summary>Compares the table below a heading, or writes it.</summary>
    public static async Task AssertIsTrueAsync(string heading, SharedLedger ledger, IReadOnlyList<Gate> gates, IEnumerable<Way> ways)
    {
        var page = Path.Combine(Root(), "docs", "gates.md");
        var text = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        var begin = text.IndexOf(Begin, text.IndexOf(heading + "\n", StringComparison.Ordinal), StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", begin, StringComparison.Ordinal) + 1;
        var wanted = text[..begin] + await TableAsync(ledger, gates, [.. ways]) + (end == 0 ? "" : text[end..]);
        if (Environment.GetEnvironmentVariable("AGENTBUDGET_GATES") is not null)
            await File.WriteAllTextAsync(page, wanted, TestContext.Current.CancellationToken);
        else
            Assert.Equal(wanted, text);
    }

    private static async Task<string> TableAsync(SharedLedger ledger, IReadOnlyList<Gate> gates, Way[] ways)
    {
        var lines = new List<string>
        {
            $"{Begin} ways in | rows of the timeline | calls that the provider saw | settled | what the caller gets |",
            "| --- | --- | --- | --- | --- | --- |",
        };
        foreach (var gate in gates)
        {
            var came = new List<(string Way, string Line)>();
            foreach (var way in ways)
                came.Add((way.Name, Describe(await gate.RunAsync(ledger, way))));
            foreach (var alike in came.GroupBy(one => one.Line))
            {
                var alikes = alike.Count() == came.Count ? "all" : string.Join(", ", alike.Select(one => one.Way));
                lines.Add($"| {gate.Name} | {alikes} | {alike.Key} |");
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Describe(Outcome came)
    {
        return $"{RowsOf(came)} | {came.Calls} | {Settled(came)} | {Given(came)}";
    }

    // A loop is long; how many of its calls were made is seen by the provider, too.
    private static string RowsOf(Outcome came)
    {
        const string call = "Reserved, Settled, ";
        var calls = 0;
        while (came.Rows.AsSpan(calls * call.Length).StartsWith(call))
            calls++;
        return came.Rows.Length == 0 ? "none"
            : calls > 4 ? $"{calls} x ({call[..^2]}), {came.Rows[(calls * call.Length)..]}"
            : came.Rows;
    }

    private static string Settled(Outcome came) =>
        came.Settled < came.Billed ? "LESS THAN THE BILL"
        : came.Settled == Money.Zero ? "nothing"
        : came.Source == CostSource.Provider ? (came.Settled == came.Billed ? "the provider's bill" : "MORE THAN THE BILL")
        : came.Source == CostSource.Estimated ? "the most possible, `estimated`, no less than the bill"
        : "whole, `reserved`, no less than the bill";

    private static string Given(Outcome came) =>
        came.Chain.Any(exception => exception is RefusedException) ? "the session's refusal"
        : came.Chain.Any(exception => exception is OperationCanceledException) ? "its cancellation"
        : came.Thrown is not null ? "the SDK's own error"
        : came.Answer == "Hello, world." ? "the answer"
        : came.Answer == "loop_detected" ? "the end of its turn, and why"
        : "what came";

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
