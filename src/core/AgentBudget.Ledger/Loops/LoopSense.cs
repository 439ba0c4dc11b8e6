namespace AgentBudget.Ledger;

/// <summary>Judges a call by all rules of a policy against what a session remembers.</summary>
internal static class LoopSense
{
    private const int MaxSequences = 24;

    /// <summary>A time in whole milliseconds, absolute, so that every activation rounds alike.</summary>
    public static long Milliseconds(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMillisecond;

    /// <summary>What the rules call for; null for nothing. A call that is known to be the user's answer, or a twin, is not
    /// judged.</summary>
    public static LoopEvidence? Judge(LoopMemory? memory, LoopPolicy policy, Call call, string? child, in LoopMoment moment)
    {
        if (memory is null || memory.Count == 0 || call.AfterUser)
            return null;
        var traits = CallTraits.Of(call, child, policy);
        var rule = traits.Settings?.Rule ?? policy.Rule;
        var mayRepeat = traits.IsSimilar
            ? memory.HasSketches || memory.CountOf(traits.Key) > 0
            : Suspicion.IsRaised(memory, policy, rule, traits, moment);
        var finding = new LoopFinding();
        if (mayRepeat)
            ApplyRepeats(memory, policy, rule, traits, moment, ref finding);
        if (traits.IsModel)
        {
            if (policy.ModelOnly.Enabled)
                StreakRules.ModelOnly(memory, traits, policy.ModelOnly, moment, ref finding);
        }
        else if (traits.Key != 0)
        {
            if (policy.SameResult.Enabled)
                StreakRules.SameResult(memory, traits, policy.SameResult, moment, ref finding);
            if (policy.SameFailure.Enabled)
                StreakRules.SameFailure(memory, traits, policy.SameFailure, moment, ref finding);
        }

        // What was told of one loop may not keep another from being told.
        if (IsTold(memory, finding, traits, moment))
            finding = default;
        if (policy.Spend.Enabled)
            MoneyRules.Spend(memory, policy.Spend, moment, ref finding);
        if (policy.Rate.Enabled)
            MoneyRules.Rate(memory, policy.Rate, moment, ref finding);
        return finding.IsFound && !IsTold(memory, finding, traits, moment) ? EvidenceOf(memory, finding, call, moment) : null;
    }

    private static void ApplyRepeats(
        LoopMemory memory,
        LoopPolicy policy,
        LoopRule rule,
        in CallTraits traits,
        in LoopMoment moment,
        ref LoopFinding finding
    )
    {
        Span<byte> places = stackalloc byte[Bounds.LoopMemory];
        Span<byte> turns = stackalloc byte[Bounds.LoopMemory];
        var view = new LoopView(memory, traits, moment, places, turns);
        if (policy.Row.Enabled || policy.BlindRow.Enabled)
            RepeatRules.Row(view, policy, ref finding);
        if (policy.Cycle.Enabled)
            CycleRule.Apply(view, policy, ref finding);
        if (policy.Stall.Enabled)
            RepeatRules.Stall(view, policy, ref finding);
        if (policy.Repeat.Enabled)
            RepeatRules.Repeat(view, policy, ref finding);
        if (rule.Enabled)
            RepeatRules.Window(view, rule, ref finding);
        if (policy.CounterRow.Enabled)
            RepeatRules.CounterRow(view, policy, ref finding);
    }

    // A loop is warned about once, by each rule that sees it.
    private static bool IsTold(LoopMemory memory, in LoopFinding finding, in CallTraits traits, in LoopMoment moment)
    {
        if (!finding.IsFound || finding.Action != LoopAction.Warn || memory.Warnings is not { } warnings)
            return false;
        if (finding.Wait is { } wait)
            return wait.IsTold;
        var first = finding.Places.Length == 0 ? moment.Sequence : memory.SequenceOf(finding.Places[^1]);
        return warnings.HasSince(finding.Rule, traits.Scope, first);
    }

    private static LoopEvidence? EvidenceOf(LoopMemory memory, in LoopFinding finding, Call call, in LoopMoment moment)
    {
        var places = finding.Places;
        var retryAfter = finding.Action == LoopAction.Throttle ? RetryAfter(memory, finding, moment) : null;
        if (finding.Action == LoopAction.Throttle && retryAfter is null)
            return null;
        var sequences = new long[Math.Min(places.Length, MaxSequences)];
        for (var i = 0; i < sequences.Length; i++)
            sequences[sequences.Length - 1 - i] = memory.SequenceOf(places[i]);
        return new LoopEvidence
        {
            Rule = finding.Rule,
            Action = finding.Action,
            Name = call.Name,
            Agent = call.Agent,
            Fingerprint = call.Fingerprint,
            Count = finding.Count,
            Period = finding.Period,
            WindowSeconds = (int)finding.Window.TotalSeconds,
            Sequences = sequences,
            Spent =
                finding.Wait is { Since: > 0 } wait ? wait.Spent
                : places.Length == 0 ? Money.Zero
                : memory.SpentSince(places[^1], moment.Spent),
            WaitingSince = finding.Wait?.Since ?? 0,
            RetryAfter = retryAfter,
        };
    }

    // After the last of the calls a slowed one has to wait; below a ceiling, until the first of them has left the window.
    private static TimeSpan? RetryAfter(LoopMemory memory, in LoopFinding finding, in LoopMoment moment)
    {
        var isRate = finding.Rule == LoopKind.Rate;
        if (finding.Places.Length == 0)
            return null;
        var place = isRate ? finding.Places[^1] : finding.Places[0];
        var age = memory.SinceLast(moment.Milliseconds) + memory.At(place).MillisecondsBefore(memory.LastMilliseconds);
        var left = (isRate ? finding.Window : finding.ThrottleFor) - TimeSpan.FromMilliseconds(age);
        return left > TimeSpan.Zero ? left : null;
    }
}
