using AgentBudget.Replay.Running;

namespace AgentBudget;

/// <summary>
/// Runs the sense of loops over recorded runs, without a silo: a ledger in memory decides on every call at its recorded time, as a
/// session does, until it trips or its budget is spent.
/// </summary>
public static class LoopExaminer
{
    /// <summary>Reads a file and examines it.</summary>
    /// <param name="file">The path of the trace.</param>
    /// <param name="policy">The rules; null for the shipped ones.</param>
    /// <param name="prices">The price book; null for the embedded one.</param>
    /// <param name="budget">
    /// The budget of the session, above $0.00, by which the rules of money judge: <see cref="LoopPolicy.Spend"/> and
    /// <see cref="WaitingRule.Share"/>. Null: they are left out, and the run may spend what it likes.
    /// </param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="TraceException">The file cannot be read, or a line of it is wrong.</exception>
    /// <exception cref="ArgumentException">The policy or the budget is out of its range.</exception>
    public static async Task<LoopResult> ExamineAsync(
        string file,
        LoopPolicy? policy = null,
        PriceBook? prices = null,
        Money? budget = null,
        CancellationToken cancellationToken = default
    ) => Examine(await TraceReader.ReadAsync(file, cancellationToken), policy, prices, budget);

    /// <summary>Examines a run that was read before.</summary>
    /// <param name="trace">The run.</param>
    /// <param name="policy">The rules; null for the shipped ones.</param>
    /// <param name="prices">The price book; null for the embedded one.</param>
    /// <param name="budget">
    /// The budget of the session, above $0.00, by which the rules of money judge: <see cref="LoopPolicy.Spend"/> and
    /// <see cref="WaitingRule.Share"/>. Null: they are left out, and the run may spend what it likes.
    /// </param>
    /// <exception cref="TraceException">The costs add up to more than money can hold.</exception>
    /// <exception cref="ArgumentException">The policy or the budget is out of its range.</exception>
    public static LoopResult Examine(Trace trace, LoopPolicy? policy = null, PriceBook? prices = null, Money? budget = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var priced = PricedTrace.Of(trace, prices ?? PriceBook.Embedded);
        var run = new LoopRun(trace, policy ?? LoopPolicy.Default, budget);
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
            Budget = budget,
            ExhaustedAtEvent = run.ExhaustedAt,
        };
    }
}
