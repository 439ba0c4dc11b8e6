using System.Globalization;

namespace AgentBudget.Ledger.Tests;

/// <summary>
/// The sense of loops as its documentation tells it, over the plain list of facts: every count is made anew from the whole list. Slow on
/// purpose, and exact matching only.
/// </summary>
internal sealed class NaiveLoops
{
    private readonly IReadOnlyList<Happening> facts;
    private readonly LoopPolicy policy;
    private readonly DateTimeOffset now;
    private readonly List<Past> remembered;
    private readonly List<Past> mine;
    private readonly bool hasTurns;
    private Found? found;

    private NaiveLoops(IReadOnlyList<Happening> facts, Picture picture, Call call, string? child, DateTimeOffset now)
    {
        (this.facts, this.now, policy) = (facts, now, picture.Options!.Loops);
        var reset = facts.LastOrDefault(fact => fact.Kind == EntryKind.Resumed && fact.Closes)?.Number ?? 0;
        var user = facts.LastOrDefault(fact => fact.IsCall && fact.Call!.AfterUser)?.Number ?? 0;
        remembered = facts
            .Where(fact => fact.IsCall && !fact.IsConcurrent && fact.Number > reset && fact.Number >= user)
            .Where(fact => fact.Number > facts.Count - Bounds.LoopEntries && fact.At > now - policy.LongestWindow)
            .TakeLast(Bounds.LoopMemory)
            .Select(PastOf)
            .Reverse()
            .ToList();
        var scope = remembered.Where(past => (past.Call.Agent, past.Child) == (call.Agent, child)).ToList();
        mine = [new Past(call, child, now, 0, FingerprintOf(call), call.Result, call.Failed, 0, 0)];
        var turn = 0;
        foreach (var (past, index) in scope.Select((past, index) => (past, index)))
        {
            var newer = index == 0 ? call.Kind : scope[index - 1].Call.Kind;
            if (past.Call.Kind == call.Kind && newer != call.Kind)
            {
                turn++;
                hasTurns = true;
            }

            if (past.Call.Kind == call.Kind) mine.Add(past with { Turn = turn });
        }

        Scope = scope;
    }

    private List<Past> Scope { get; }

    private Past Judged => mine[0];

    public static string? Words(LoopEvidence? loop) => loop is null ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{loop.Rule} {loop.Action} {loop.Count} of {loop.Period} within {loop.WindowSeconds} of {loop.Name} {loop.Fingerprint}: {string.Join(",", loop.Sequences)} for {loop.Spent} wait {loop.RetryAfter}");

    public static bool IsConcurrent(Picture now, Call call, string? child) => now.Options!.Loops.Enabled && now.Open.Any(open =>
        open.Child == child && open.Call!.Agent == call.Agent && open.Call.Kind == call.Kind
        && (call.Kind == CallKind.Model || (call.Fingerprint != 0 && open.Call.Fingerprint == call.Fingerprint)));

    public static LoopEvidence? Judge(
        IReadOnlyList<Happening> facts, Picture picture, Call call, string? child, DateTimeOffset time, long spent, long asked)
    {
        if (!picture.Options!.Loops.Enabled || call.AfterUser) return null;
        var loops = new NaiveLoops(facts, picture, call, child, time);
        return loops.remembered.Count == 0 ? null : loops.Judge(spent, asked);
    }

    private LoopEvidence? Judge(long spent, long asked)
    {
        var rule = policy.ByName.GetValueOrDefault(Judged.Call.Name)?.Rule ?? policy.Rule;
        if (mine.Skip(1).Any(past => Same(Judged, past)))
        {
            Row();
            for (var period = 2; period <= 12; period++) Cycle(period);
            Stall();
            Repeat();
            Window(rule);
        }

        if (Judged.Call.Kind == CallKind.Model) ModelOnly();
        else if (Judged.Fingerprint != 0) SameResult();
        if (policy.Rate.Enabled) Rate(spent, asked);
        return Evidence(spent);
    }

    private void Row()
    {
        if (IsFresh(0)) return;
        var row = UpToProgress(mine.Skip(1).TakeWhile(past => Same(Judged, past) && Within(past, policy.Row.Window)));
        Offer(LoopKind.Row, policy.Row, row.Count(past => past.Result != 0) + 1, row);
        Offer(LoopKind.Row, policy.BlindRow, row.Count + 1, row);
    }

    private void Cycle(int period)
    {
        if (period >= mine.Count || mine.Take(period).All(past => Same(Judged, past))) return;
        var matches = 0;
        while (matches + period < mine.Count && Within(mine[matches + period], policy.Cycle.Window)
            && Same(mine[matches], mine[matches + period]) && !IsFresh(matches)) matches++;
        var rounds = 1 + (matches / period);
        if (rounds >= 2 && matches >= 3) Offer(LoopKind.Cycle, policy.Cycle, rounds, mine.Skip(1).Take(matches + period - 1).ToList(), period);
    }

    private void Stall()
    {
        var last = policy.Stall.Last;
        var isRepeat = mine.Skip(1).Take(last).Any(past => Same(Judged, past));
        if (!isRepeat || (Judged.Result != 0 && !IsSeen(0, last))) return;
        var stalled = mine.Skip(1).Take(last).Select((past, index) => (past, index: index + 1))
            .TakeWhile(pair => Within(pair.past, policy.Stall.Window) && IsSeen(pair.index, last))
            .Select(pair => pair.past)
            .ToList();
        var turns = hasTurns ? stalled.Append(Judged).Select(past => past.Turn).Distinct().Count() : stalled.Count + 1;
        Offer(LoopKind.Stall, policy.Stall, turns, stalled);
    }

    private void Repeat()
    {
        var seen = mine.Skip(1).Take(policy.Repeat.Last).TakeWhile(past => Within(past, policy.Repeat.Window))
            .Where(past => Same(Judged, past) && past.Result != 0)
            .ToList();
        var result = Judged.Result != 0 ? Judged.Result : seen.FirstOrDefault()?.Result ?? 0;
        var same = seen.Where(past => past.Result == result).ToList();
        Offer(LoopKind.Repeat, policy.Repeat, same.Count + 1, same);
    }

    private void Window(LoopRule rule)
    {
        if (IsFresh(0)) return;
        var same = UpToProgress(mine.Skip(1).TakeWhile(past => Within(past, rule.Window)).Where(past => Same(Judged, past)));
        Offer(LoopKind.Window, rule, same.Count + 1, same);
    }

    private void ModelOnly()
    {
        if (Scope.All(past => past.Call.Kind == CallKind.Model)) return;
        var streak = Scope.TakeWhile(past => past.Call.Kind == CallKind.Model).Where(past => Within(past, policy.ModelOnly.Window)).ToList();
        Offer(LoopKind.ModelOnly, policy.ModelOnly, streak.Count + 1, streak);
    }

    private void SameResult()
    {
        var ofTool = mine.Skip(1).Take(Math.Max(policy.SameResult.Last, policy.SameFailure.Last))
            .TakeWhile(past => Within(past, policy.SameResult.Window) && past.Call.Name == Judged.Call.Name)
            .ToList();
        var result = Judged.Result != 0 ? Judged.Result : ofTool.FirstOrDefault()?.Result ?? 0;
        var streak = result == 0 ? [] : ofTool.TakeWhile(past => past.Result == result).ToList();
        var haveFailed = streak.All(past => past.Failed) && (Judged.Result == 0 || Judged.Failed);
        var counted = new List<Past>();
        foreach (var past in streak)
        {
            if (past.Fingerprint != 0 && !Same(Judged, past) && !counted.Any(known => Same(known, past))) counted.Add(past);
        }

        if (counted.Count < 2) return;
        Offer(LoopKind.SameResult, policy.SameResult, counted.Count + 1, counted);
        if (haveFailed) Offer(LoopKind.SameFailure, policy.SameFailure, counted.Count + 1, counted);
    }

    private void Rate(long spent, long asked)
    {
        var within = remembered.Where(past => Within(past, policy.Rate.Window)).ToList();
        if (within.Count == 0) return;
        var sum = asked + SpentSince(within[^1], spent);
        var isAbove = (policy.Rate.Calls > 0 && within.Count + 1 > policy.Rate.Calls)
            || (policy.Rate.Spend > Money.Zero && sum > policy.Rate.Spend.NanoDollars);
        if (isAbove && (found is null || policy.Rate.Action > found.Action))
            found = new Found(LoopKind.Rate, policy.Rate.Action, within.Count + 1, 0, policy.Rate.Window, TimeSpan.Zero, within);
    }

    private void Offer(LoopKind kind, LoopRule rule, int count, List<Past> counted, int period = 0)
    {
        LoopAction? action = rule.Calls > 0 && count >= rule.Calls ? LoopAction.Trip
            : rule.ThrottleAt > 0 && count >= rule.ThrottleAt ? LoopAction.Throttle
            : rule.WarnAt > 0 && count >= rule.WarnAt ? LoopAction.Warn : null;
        if (rule.Enabled && action is { } called && (found is null || called > found.Action))
            found = new Found(kind, called, count, period, rule.Window, rule.ThrottleFor, counted);
    }

    private LoopEvidence? Evidence(long spent)
    {
        if (found is null) return null;
        var counted = found.Counted;
        TimeSpan? wait = null;
        if (found.Action == LoopAction.Throttle)
        {
            var isRate = found.Rule == LoopKind.Rate;
            wait = (isRate ? counted[^1].At + found.Window : counted[0].At + found.ThrottleFor) - now;
            if (wait <= TimeSpan.Zero) return null;
        }

        var first = counted.Count == 0 ? facts.Count : counted[^1].Number;
        var hasWarned = facts.Any(fact => fact.IsWarning && fact.Number >= first && (fact.Call!.Agent, fact.Child) == (Judged.Call.Agent, Judged.Child)
            && IsAfterResets(fact));
        if (found.Action == LoopAction.Warn && hasWarned) return null;
        return new LoopEvidence
        {
            Rule = found.Rule,
            Action = found.Action,
            Name = Judged.Call.Name,
            Agent = Judged.Call.Agent,
            Fingerprint = Judged.Call.Fingerprint,
            Count = found.Count,
            Period = found.Period,
            WindowSeconds = (int)found.Window.TotalSeconds,
            Sequences = counted.Take(24).Select(past => (long)past.Number).Reverse().ToArray(),
            Spent = Money.FromNanoDollars(counted.Count == 0 ? 0 : SpentSince(counted[^1], spent)),
            RetryAfter = wait,
        };
    }

    private bool IsAfterResets(Happening warning) => remembered.Count > 0 && warning.Number >= remembered[^1].Number;

    // A result that is new ends the streak that it stands in.
    private List<Past> UpToProgress(IEnumerable<Past> streak)
    {
        var counted = new List<Past>();
        foreach (var past in streak)
        {
            counted.Add(past);
            if (IsFresh(mine.IndexOf(past))) break;
        }

        return counted;
    }

    private bool IsFresh(int index) => mine[index].Result != 0 && !IsSeen(index, mine.Count);

    private bool IsSeen(int index, int last) => mine[index].Result != 0
        && mine.Take(last + 1).Skip(index + 1).Any(older => Same(older, mine[index]) && older.Result == mine[index].Result);

    private static bool Same(Past left, Past right) => left.Fingerprint != 0 && left.Fingerprint == right.Fingerprint;

    private bool Within(Past past, TimeSpan window) => past.At > now - window;

    private ulong FingerprintOf(Call call) =>
        policy.ByName.GetValueOrDefault(call.Name) is { Matching: LoopMatching.Off } ? 0 : call.Fingerprint;

    // To the micro-dollar, of which these budgets hold none.
    private static long SpentSince(Past past, long spent) => ((spent / 1000) - (past.SpentBefore / 1000)) * 1000;

    private Past PastOf(Happening fact)
    {
        var end = fact.Kind == EntryKind.Charged ? fact : facts.LastOrDefault(other => other.About == fact.Number
            && other.Kind is EntryKind.Settled or EntryKind.Charged or EntryKind.Released && other.About == fact.Number && other.Call!.Result != 0);
        var result = end?.Call!.Result ?? 0;
        if (policy.ByName.GetValueOrDefault(fact.Call!.Name) is { Matching: LoopMatching.Off } && fact.Kind == EntryKind.Charged) result = 0;
        var before = new Picture(facts.Take(fact.Number - 1).ToList());
        return new Past(fact.Call, fact.Child, fact.At, fact.Number, FingerprintOf(fact.Call), result, end?.Call!.Failed ?? false, 0, before.Spent);
    }

    private sealed record Past(
        Call Call, string? Child, DateTimeOffset At, int Number, ulong Fingerprint, ulong Result, bool Failed, int Turn, long SpentBefore);

    private sealed record Found(LoopKind Rule, LoopAction Action, int Count, int Period, TimeSpan Window, TimeSpan ThrottleFor, List<Past> Counted);
}
