namespace AgentBudget.Replay.Running;

/// <summary>An event with what it costs; without a cost it is left out of the replay.</summary>
/// <param name="Event">The event.</param>
/// <param name="Call">The call, with the price row where one was used.</param>
/// <param name="Cost">What it costs, or null.</param>
internal readonly record struct PricedEvent(TraceEvent Event, Call Call, Money? Cost);

/// <summary>A run with the cost of every event, known before the first of them is replayed.</summary>
internal sealed class PricedTrace
{
    private const int MaxUnpricedModels = 16;

    private readonly List<PricedEvent> events = [];
    private readonly List<string> unpricedModels = [];

    private PricedTrace() { }

    public IReadOnlyList<PricedEvent> Events => events;

    public Money FullCost { get; private set; }

    public int UnpricedCalls { get; private set; }

    public IReadOnlyList<string> UnpricedModels => unpricedModels;

    /// <exception cref="TraceException">The costs add up to more than money can hold.</exception>
    public static PricedTrace Of(Trace trace, PriceBook prices)
    {
        var priced = new PricedTrace();
        try
        {
            foreach (var traced in trace.Events)
                priced.Add(Price(traced, trace.Start + traced.Elapsed, prices));
        }
        catch (OverflowException exception)
        {
            throw new TraceException(trace.File, "its calls cost more in all than can be counted; check the recorded costs.", exception);
        }

        return priced;
    }

    private static PricedEvent Price(TraceEvent traced, DateTimeOffset at, PriceBook prices)
    {
        var call = traced.Call;
        if (traced.IsUserMessage)
            return new PricedEvent(traced, call, Money.Zero);
        // A tool costs what its record says, and nothing otherwise.
        if (call.Kind == CallKind.Tool)
            return new PricedEvent(traced, call, traced.RecordedCost ?? Money.Zero);
        if (!traced.HasUsage)
            return new PricedEvent(traced, call, traced.RecordedCost);
        // As a budget would have charged it, with what the vendor bills beside what usage counts.
        var priced = prices.Price(
            UnknownModelPolicy.Reject,
            UnknownModelRules.None,
            call.Provider,
            call.Name,
            at,
            call.Usage,
            CallTerms.EnforcedFor(call)
        );
        return priced.IsPriced
            ? new PricedEvent(traced, priced.RecordOn(call), priced.Cost)
            : new PricedEvent(traced, call, traced.RecordedCost);
    }

    private void Add(PricedEvent priced)
    {
        events.Add(priced);
        if (priced.Cost is { } cost)
        {
            FullCost += cost;
            return;
        }

        UnpricedCalls++;
        var model = priced.Call.Provider is { } provider ? $"{provider}/{priced.Call.Name}" : priced.Call.Name;
        if (unpricedModels.Count < MaxUnpricedModels && !unpricedModels.Contains(model))
            unpricedModels.Add(model);
    }
}
