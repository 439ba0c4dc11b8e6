using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AgentBudget.Ledger;

/// <summary>The hardest that the rules call for so far, and what they counted.</summary>
internal struct LoopFinding
{
    private PlaceBuffer places;
    private int placeCount;

    public LoopKind Rule { get; private set; }

    public LoopAction Action { get; private set; }

    public int Count { get; private set; }

    public int Period { get; private set; }

    public TimeSpan Window { get; private set; }

    public TimeSpan ThrottleFor { get; private set; }

    public bool IsFound { get; private set; }

    /// <summary>The wait that it is the end of; null when it is none.</summary>
    public Wait? Wait { get; private set; }

    /// <summary>The places of what was counted, newest first.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Places => ((ReadOnlySpan<byte>)places)[..placeCount];

    /// <summary>Takes what a rule counted, if it calls for something, and for more than is found already.</summary>
    public void Offer(LoopKind kind, LoopRule rule, int count, ReadOnlySpan<byte> counted, int period = 0)
    {
        if (rule.ActionAt(count) is not { } action)
            return;
        Offer(kind, action, count, rule.Window, counted, period);
        if (Rule == kind && Action == action)
            ThrottleFor = rule.ThrottleFor;
    }

    /// <summary>The same for what may be waiting, which is warned about and no more until it is far beyond.</summary>
    public void Offer(
        LoopKind kind,
        LoopRule rule,
        int count,
        ReadOnlySpan<byte> counted,
        in LoopView view,
        LoopPolicy policy,
        int period = 0
    )
    {
        if (rule.ActionAt(count) is not { } action)
            return;
        if (action == LoopAction.Warn || !Waiting.Is(view, policy.Waiting, count))
        {
            Offer(kind, rule, count, counted, period);
            return;
        }

        var found = view.WaitOf(count, counted);
        if (!found.IsFarBeyond(policy.Waiting, view.Budget))
            action = LoopAction.Warn;
        Offer(kind, action, found.Count, rule.Window, counted, period, found);
        if (Rule == kind && Action == action)
            ThrottleFor = rule.ThrottleFor;
    }

    public void Offer(
        LoopKind kind,
        LoopAction action,
        int count,
        TimeSpan window,
        ReadOnlySpan<byte> counted,
        int period = 0,
        Wait? wait = null
    )
    {
        if (IsFound && action <= Action)
            return;
        (IsFound, Rule, Action, Count, Period, Window, placeCount) = (true, kind, action, count, period, window, counted.Length);
        Wait = wait;
        counted.CopyTo(places);
    }

    [InlineArray(Bounds.LoopMemory)]
    private struct PlaceBuffer
    {
        private byte first;
    }
}
