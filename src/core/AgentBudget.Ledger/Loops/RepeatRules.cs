namespace AgentBudget.Ledger;

/// <summary>Rules that look for the same call again: in a row, among the last, within a time, and turn after turn without
/// progress.</summary>
internal static class RepeatRules
{
    public static void Row(in LoopView view, LoopPolicy policy, ref LoopFinding finding)
    {
        if (view.IsFresh(0))
            return;
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        var all = 0;
        var known = 1;
        var window = Math.Max(policy.Row.WindowMilliseconds, policy.BlindRow.WindowMilliseconds);
        for (var i = 1; i <= view.Count && view.IsWithin(i, window) && view.AreSame(0, i); i++)
        {
            counted[all++] = (byte)view.PlaceAt(i);
            if (view.ResultAt(i) == 0)
                continue;
            if (view.IsWithin(i, policy.Row.WindowMilliseconds))
                known++;
            if (view.IsFresh(i))
                break;
        }

        if (policy.Row.Enabled)
            finding.Offer(LoopKind.Row, policy.Row, known, counted[..all], view, policy);
        if (policy.BlindRow.Enabled)
            finding.Offer(LoopKind.Row, policy.BlindRow, all + 1, counted[..all], view, policy);
    }

    /// <summary>The same call in a row whose results differ by numbers alone, and differ: equal ones are a row.</summary>
    public static void CounterRow(in LoopView view, LoopPolicy policy, ref LoopFinding finding)
    {
        if (view.IsFreshInShape(0))
            return;
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        var rule = policy.CounterRow;
        var count = 0;
        for (var i = 1; i <= view.Count && view.IsWithin(i, rule.WindowMilliseconds) && view.AreSame(0, i) && view.ShapeAt(i) != 0; i++)
        {
            counted[count++] = (byte)view.PlaceAt(i);
            if (view.IsFreshInShape(i))
                break;
        }

        finding.Offer(LoopKind.CounterRow, rule, count + 1, counted[..count], view, policy);
    }

    public static void Repeat(in LoopView view, LoopPolicy policy, ref LoopFinding finding)
    {
        var rule = policy.Repeat;
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        var result = view.ResultAt(0);
        var count = 0;
        for (var i = 1; i <= view.Count && i <= rule.Last && view.IsWithin(i, rule.WindowMilliseconds); i++)
        {
            if (view.IsNewChange(i))
                break;
            if (view.ResultAt(i) == 0 || !view.AreSame(0, i))
                continue;
            if (result == 0)
                result = view.ResultAt(i);
            if (view.ResultAt(i) == result)
                counted[count++] = (byte)view.PlaceAt(i);
        }

        finding.Offer(LoopKind.Repeat, rule, count + 1, counted[..count], view, policy);
    }

    public static void Window(in LoopView view, LoopRule rule, ref LoopFinding finding)
    {
        if (view.IsFresh(0))
            return;
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        var count = 0;
        for (var i = 1; i <= view.Count && view.IsWithin(i, rule.WindowMilliseconds); i++)
        {
            if (view.AreSame(0, i))
            {
                counted[count++] = (byte)view.PlaceAt(i);
                if (view.IsFresh(i))
                    break;
            }

            if (view.IsNewChange(i))
                break;
        }

        finding.Offer(LoopKind.Window, rule, count + 1, counted[..count]);
    }

    /// <summary>Turns in a row in which every call was made before and got what it had before; the call that is judged is one of
    /// them.</summary>
    public static void Stall(in LoopView view, LoopPolicy policy, ref LoopFinding finding)
    {
        var rule = policy.Stall;
        if (view.ResultAt(0) == 0 ? !view.IsRepeat(rule.Last) : !view.IsSeen(0, rule.Last))
            return;
        Span<byte> counted = stackalloc byte[Bounds.LoopMemory];
        var calls = 0;
        var count = 1;
        for (var i = 1; i <= view.Count && i <= rule.Last && view.IsWithin(i, rule.WindowMilliseconds) && view.IsSeen(i, rule.Last); i++)
        {
            counted[calls++] = (byte)view.PlaceAt(i);
            if (!view.HasTurns || view.TurnAt(i) != view.TurnAt(i - 1))
                count++;
        }

        finding.Offer(LoopKind.Stall, rule, count, counted[..calls], view, policy);
    }
}
