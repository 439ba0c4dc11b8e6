using AgentBudget.Replay.Running;

namespace AgentBudget.Replay;

/// <summary>
/// Runs the sense of loops over recorded runs, without a silo and without a budget: a ledger in memory decides on every call at its
/// recorded time, as a session does, until it trips.
/// </summary>
public static class LoopExaminer
{
    /// <summary>Reads a file and examines it.</summary>
    /// <param name="file">The path of the trace.</param>
    /// <param name="policy">The rules; null for the shipped ones.</param>
    /// <param name="prices">The price book; null for the embedded one.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="TraceException">The file cannot be read, or a line of it is wrong.</exception>
    public static async Task<LoopResult> ExamineAsync(
        string file,
        LoopPolicy? policy = null,
        PriceBook? prices = null,
        CancellationToken cancellationToken = default
    ) => Examine(await TraceReader.ReadAsync(file, cancellationToken), policy, prices);

    /// <summary>Examines a run that was read before.</summary>
    /// <exception cref="TraceException">The costs add up to more than money can hold.</exception>
    public static LoopResult Examine(Trace trace, LoopPolicy? policy = null, PriceBook? prices = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var priced = PricedTrace.Of(trace, prices ?? PriceBook.Embedded);
        var run = new LoopRun(trace, policy ?? LoopPolicy.Default);
        run.Run(priced);
        var found = run.Tripped ?? run.Warned;
        return new LoopResult
        {
            File = trace.File,
            Verdict =
                run.Tripped is not null ? LoopVerdict.Tripped
                : run.Warned is not null ? LoopVerdict.Warned
                : LoopVerdict.None,
            AtEvent = found?.Event,
            WarnedAtEvent = run.Warned?.Event,
            Evidence = found?.Evidence,
            Events = found?.Events ?? [],
            SpentBefore = found?.SpentBefore ?? run.Spent,
            FullCost = priced.FullCost,
            UnpricedCalls = priced.UnpricedCalls,
            EventsTotal = trace.Events.Count,
        };
    }
}
