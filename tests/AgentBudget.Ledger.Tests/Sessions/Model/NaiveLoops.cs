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
    private readonly decimal budget;
    private long ownCost;
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
        budget = picture.Budget;
        mine = [new Past(call, child, now, 0, FingerprintOf(call), TextOf(call.Result), ShapeOf(call.Result), call.Failed, 0, 0)];
        var turn = 0;
        foreach (var (past, index) in scope.Select((past, index) => (past, index)))
        {
            var newer = index == 0 ? call.Kind : scope[index - 1].Call.Kind;
            if (past.Call.Kind == call.Kind && newer != call.Kind)
            {
                turn++;
                hasTurns = true;
            }

            if (past.Call.Kind == call.Kind)
                mine.Add(past with { Turn = turn });
        }

        Scope = scope;
    }

    private List<Past> Scope { get; }

    private Past Judged => mine[0];

    public static string? Words(LoopEvidence? loop) =>
        loop is null
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{loop.Rule} {loop.Action} {loop.Count} of {loop.Period} within {loop.WindowSeconds} of {loop.Name} {loop.Fingerprint}: "
                    + $"{string.Join(",", loop.Sequences)} for {loop.Spent} wait {loop.RetryAfter} since {loop.WaitingSince}"
            );

    public static bool IsConcurrent(Picture now, Call call, string? child) =>
        now.Options!.Loops.Enabled
        && now.Open.Any(open =>
            open.Child == child
            && open.Call!.Agent == call.Agent
            && open.Call.Kind == call.Kind
            && (call.Kind == CallKind.Model || (call.Fingerprint != 0 && open.Call.Fingerprint == call.Fingerprint))
        );

    public static LoopEvidence? Judge(
        IReadOnlyList<Happening> facts,
        Picture picture,
        Call call,
        string? child,
        DateTimeOffset time,
        long cost,
        long asked
    )
    {
        if (!picture.Options!.Loops.Enabled || call.AfterUser)
            return null;
        var loops = new NaiveLoops(facts, picture, call, child, time);
        return loops.remembered.Count == 0 ? null : loops.Judge(picture.Spent + cost, cost, asked);
    }

    private LoopEvidence? Judge(long spent, long cost, long asked)
    {
        ownCost = cost;
        var rule = policy.ByName.GetValueOrDefault(Judged.Call.Name)?.Rule ?? policy.Rule;
        if (mine.Skip(1).Any(past => Same(Judged, past)))
        {
            Row();
            for (var period = 2; period <= 12; period++)
                Cycle(period);
            Stall();
            Repeat();
            Window(rule);
            CounterRow();
        }

        if (Judged.Call.Kind == CallKind.Model)
            ModelOnly();
        else if (Judged.Fingerprint != 0)
        {
            SameResult();
            SameFailure();
        }

        if (found is not null && IsTold(found))
            found = null;
        Spend(spent, asked);
        if (policy.Rate.Enabled)
            Rate(spent, asked);
        return found is null || IsTold(found) ? null : Evidence(found, spent);
    }

    private bool IsTold(Found told)
    {
        if (told.Action != LoopAction.Warn)
            return false;
        if (told.Wait is { } wait)
            return wait.IsTold;
        var first = told.Counted.Count == 0 ? facts.Count : told.Counted[^1].Number;
        return facts.Any(fact =>
            fact.Warning?.Rule == told.Rule
            && fact.Number >= first
            && (told.Rule is LoopKind.Spend or LoopKind.Rate || (fact.Call!.Agent, fact.Child) == (Judged.Call.Agent, Judged.Child))
            && IsAfterResets(fact)
        );
    }

    private void Row()
    {
        if (IsFresh(0))
            return;
        var row = UpToProgress(mine.Skip(1).TakeWhile(past => Same(Judged, past) && Within(past, policy.Row.Window)));
        OfferPatiently(LoopKind.Row, policy.Row, row.Count(past => past.Result != 0) + 1, row);
        OfferPatiently(LoopKind.Row, policy.BlindRow, row.Count + 1, row);
    }

    private void CounterRow()
    {
        if (IsFreshInShape(0))
            return;
        var row = new List<Past>();
        foreach (
            var past in mine.Skip(1).TakeWhile(past => Within(past, policy.CounterRow.Window) && Same(Judged, past) && past.Shape != 0)
        )
        {
            row.Add(past);
            if (IsFreshInShape(mine.IndexOf(past)))
                break;
        }

        OfferPatiently(LoopKind.CounterRow, policy.CounterRow, row.Count + 1, row);
    }

    private void Cycle(int period)
    {
        if (period >= mine.Count || mine.Take(period).All(past => Same(Judged, past)))
            return;
        var matches = 0;
        while (
            matches + period < mine.Count
            && Within(mine[matches + period], policy.Cycle.Window)
            && Same(mine[matches], mine[matches + period])
            && !IsFresh(matches)
        )
            matches++;
        var rounds = 1 + (matches / period);
        if (rounds >= 2 && matches >= 3)
            OfferPatiently(LoopKind.Cycle, policy.Cycle, rounds, mine.Skip(1).Take(matches + period - 1).ToList(), period);
    }

    private void Stall()
    {
        var last = policy.Stall.Last;
        var isRepeat = mine.Skip(1).Take(last).Any(past => Same(Judged, past));
        if (!isRepeat || (Judged.Result != 0 && !IsSeen(0, last)))
            return;
        var stalled = mine.Skip(1)
            .Take(last)
            .Select((past, index) => (past, index: index + 1))
            .TakeWhile(pair => Within(pair.past, policy.Stall.Window) && IsSeen(pair.index, last))
            .Select(pair => pair.past)
            .ToList();
        var turns = hasTurns ? stalled.Append(Judged).Select(past => past.Turn).Distinct().Count() : stalled.Count + 1;
        OfferPatiently(LoopKind.Stall, policy.Stall, turns, stalled);
    }

    private void Repeat()
    {
        var seen = mine.Skip(1)
            .Take(policy.Repeat.Last)
            .TakeWhile(past => Within(past, policy.Repeat.Window) && !IsNewChange(past))
            .Where(past => Same(Judged, past) && past.Result != 0)
            .ToList();
        var result = Judged.Result != 0 ? Judged.Result : seen.FirstOrDefault()?.Result ?? 0;
        var same = seen.Where(past => past.Result == result).ToList();
        OfferPatiently(LoopKind.Repeat, policy.Repeat, same.Count + 1, same);
    }

    private void Window(LoopRule rule)
    {
        if (IsFresh(0))
            return;
        var sinceChange = new List<Past>();
        foreach (var past in mine.Skip(1).TakeWhile(past => Within(past, rule.Window)))
        {
            sinceChange.Add(past);
            if (IsNewChange(past))
                break;
        }

        var same = UpToProgress(sinceChange.Where(past => Same(Judged, past)));
        Offer(LoopKind.Window, rule, same.Count + 1, same);
    }

    private void ModelOnly()
    {
        if (Scope.All(past => past.Call.Kind == CallKind.Model))
            return;
        var streak = Scope
            .TakeWhile(past => past.Call.Kind == CallKind.Model)
            .Where(past => Within(past, policy.ModelOnly.Window))
            .ToList();
        Offer(LoopKind.ModelOnly, policy.ModelOnly, streak.Count + 1, streak);
    }

    private void SameResult()
    {
        var ofTool = mine.Skip(1)
            .Take(policy.SameResult.Last)
            .TakeWhile(past => Within(past, policy.SameResult.Window) && past.Call.Name == Judged.Call.Name)
            .ToList();
        var result = Judged.Result != 0 ? Judged.Result : ofTool.FirstOrDefault()?.Result ?? 0;
        var counted = Different(result == 0 ? [] : ofTool.TakeWhile(past => past.Result == result));
        if (counted.Count >= 2)
            Offer(LoopKind.SameResult, policy.SameResult, counted.Count + 1, counted);
    }

    private void SameFailure()
    {
        if (Judged is { Result: not 0, Failed: false })
            return;
        var ofTool = mine.Skip(1)
            .Take(policy.SameFailure.Last)
            .TakeWhile(past => Within(past, policy.SameFailure.Window) && !HasChanged(past))
            .Where(past => past.Call.Name == Judged.Call.Name)
            .ToList();
        var shape = Judged.Shape != 0 ? Judged.Shape : ofTool.FirstOrDefault()?.Shape ?? 0;
        var counted = Different(ofTool.TakeWhile(past => past.Failed && past.Shape == shape));
        if (counted.Count >= 2)
            Offer(LoopKind.SameFailure, policy.SameFailure, counted.Count + 1, counted);
    }

    private List<Past> Different(IEnumerable<Past> streak)
    {
        var counted = new List<Past>();
        foreach (var past in streak)
        {
            if (past.Fingerprint != 0 && !Same(Judged, past) && !counted.Any(known => Same(known, past)))
                counted.Add(past);
        }

        return counted;
    }

    private void Spend(long spent, long asked)
    {
        var rule = policy.Spend;
        var within = remembered.Where(past => Within(past, rule.Window)).ToList();
        if (!rule.Enabled || within.Count == 0 || within.Count + 1 < rule.Calls)
            return;
        var sum = asked + SpentSince(within[^1], spent);
        LoopAction? action =
            rule.TripAt > 0 && sum >= budget * rule.TripAt ? LoopAction.Trip
            : rule.WarnAt > 0 && sum >= budget * rule.WarnAt ? LoopAction.Warn
            : null;
        if (action is { } called && (found is null || called > found.Action))
            found = new Found(LoopKind.Spend, called, within.Count + 1, 0, rule.Window, TimeSpan.Zero, within);
    }

    private void Rate(long spent, long asked)
    {
        var within = remembered.Where(past => Within(past, policy.Rate.Window)).ToList();
        if (within.Count == 0)
            return;
        var sum = asked + SpentSince(within[^1], spent);
        var isAbove =
            (policy.Rate.Calls > 0 && within.Count + 1 > policy.Rate.Calls)
            || (policy.Rate.Spend > Money.Zero && sum > policy.Rate.Spend.NanoDollars);
        if (isAbove && (found is null || policy.Rate.Action > found.Action))
            found = new Found(LoopKind.Rate, policy.Rate.Action, within.Count + 1, 0, policy.Rate.Window, TimeSpan.Zero, within);
    }

    private void Offer(LoopKind kind, LoopRule rule, int count, List<Past> counted, int period = 0)
    {
        LoopAction? action =
            rule.Calls > 0 && count >= rule.Calls ? LoopAction.Trip
            : rule.ThrottleAt > 0 && count >= rule.ThrottleAt ? LoopAction.Throttle
            : rule.WarnAt > 0 && count >= rule.WarnAt ? LoopAction.Warn
            : null;
        if (rule.Enabled && action is { } called && (found is null || called > found.Action))
            found = new Found(kind, called, count, period, rule.Window, rule.ThrottleFor, counted);
    }

    private void OfferPatiently(LoopKind kind, LoopRule rule, int count, List<Past> counted, int period = 0)
    {
        var wouldStop = (rule.Calls > 0 && count >= rule.Calls) || (rule.ThrottleAt > 0 && count >= rule.ThrottleAt);
        if (!wouldStop || !rule.Enabled || !IsWaiting(count))
        {
            Offer(kind, rule, count, counted, period);
            return;
        }

        var patient = policy.Waiting;
        var wait = WaitOf(count, counted);
        var isBeyond =
            (patient.Calls > 0 && wait.Count >= patient.Calls)
            || (patient.Share > 0 && wait.Since > 0 && wait.Spent >= budget * patient.Share);
        var called =
            !isBeyond ? LoopAction.Warn
            : rule.Calls > 0 && count >= rule.Calls ? LoopAction.Trip
            : LoopAction.Throttle;
        if (found is null || called > found.Action)
            found = new Found(kind, called, wait.Count, period, rule.Window, rule.ThrottleFor, counted) { Wait = wait };
    }

    // The last warning about one of these calls says what was counted and spent before it.
    private Patience WaitOf(int count, List<Past> counted)
    {
        var warned = facts.LastOrDefault(fact =>
            fact.Warning is { Rule: LoopKind.Row or LoopKind.Repeat or LoopKind.Cycle or LoopKind.Stall or LoopKind.CounterRow }
            && counted.Any(past => past.Number == fact.Number)
        );
        if (warned is null)
            return new Patience(count, 0, 0, IsTold: false);
        var later = counted.Count(past => past.Number > warned.Number);
        var isFirst = warned.Warning!.WaitingSince == 0;
        var spent = facts
            .Where(fact => fact.Kind is EntryKind.Settled or EntryKind.Charged && fact.Number >= warned.Number)
            .Where(fact => fact.Number > warned.Number || isFirst)
            .Where(fact => (fact.Call!.Agent, fact.Child) == (Judged.Call.Agent, Judged.Child))
            .Sum(fact => fact.Amount);
        return new Patience(
            warned.Warning.Count + (count * (later + 1) / (counted.Count + 1)),
            isFirst ? warned.Number : warned.Warning.WaitingSince,
            ownCost + spent + (isFirst ? 0 : warned.Warning.Spent.NanoDollars),
            IsTold: (later + 1) * 4 <= counted.Count * 3
        );
    }

    private bool IsWaiting(int count)
    {
        if (!policy.Waiting.Enabled)
            return false;
        var times = mine.Select((past, index) => (past, index))
            .Where(pair => pair.index == 0 || Same(Judged, pair.past))
            .Take(Math.Min(count, 9))
            .ToList();
        var steps = times
            .Skip(1)
            .Zip(times, (older, newer) => (IsNear: older.index - newer.index <= 3, Time: Whole(newer.past.At) - Whole(older.past.At)))
            .ToList();
        if (steps.Count < 2)
            return false;
        var isLong = steps.Count(step => step.IsNear && step.Time >= policy.Waiting.Interval.TotalMilliseconds) * 2 > steps.Count;
        var hasGrown =
            steps.All(step => step.IsNear)
            && steps[0].Time >= 2 * steps[^1].Time
            && steps[0].Time * 10 >= policy.Waiting.Interval.TotalMilliseconds
            && steps.Skip(1).Zip(steps).All(pair => pair.Second.Time * 8 >= pair.First.Time * 7);
        return isLong || hasGrown;

        static long Whole(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMillisecond;
    }

    private LoopEvidence? Evidence(Found found, long spent)
    {
        var counted = found.Counted;
        TimeSpan? later = null;
        if (found.Action == LoopAction.Throttle)
        {
            var isRate = found.Rule == LoopKind.Rate;
            later = (isRate ? counted[^1].At + found.Window : counted[0].At + found.ThrottleFor) - now;
            if (later <= TimeSpan.Zero)
                return null;
        }

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
            Spent = Money.FromNanoDollars(
                found.Wait is { Since: > 0 } wait ? wait.Spent
                : counted.Count == 0 ? 0
                : SpentSince(counted[^1], spent)
            ),
            WaitingSince = found.Wait?.Since ?? 0,
            RetryAfter = later,
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
            if (IsFresh(mine.IndexOf(past)))
                break;
        }

        return counted;
    }

    private bool HasChanged(Past past) => (policy.ByName.GetValueOrDefault(past.Call.Name)?.Changes ?? past.Call.Changes) && !past.Failed;

    // As far as is remembered, of whatever kind: a fingerprint says which.
    private bool IsNewChange(Past past) =>
        HasChanged(past) && past.Fingerprint != 0 && !mine.Skip(mine.IndexOf(past) + 1).Any(older => Same(older, past));

    private bool IsFreshInShape(int index) =>
        mine[index].Shape != 0 && !mine.Skip(index + 1).Any(older => Same(older, mine[index]) && older.Shape == mine[index].Shape);

    private bool IsFresh(int index) => mine[index].Result != 0 && !IsSeen(index, mine.Count);

    private bool IsSeen(int index, int last) =>
        mine[index].Result != 0
        && mine.Take(last + 1).Skip(index + 1).Any(older => Same(older, mine[index]) && older.Result == mine[index].Result);

    private static bool Same(Past left, Past right) => left.Fingerprint != 0 && left.Fingerprint == right.Fingerprint;

    private bool Within(Past past, TimeSpan window) => past.At > now - window;

    private ulong FingerprintOf(Call call) =>
        policy.ByName.GetValueOrDefault(call.Name) is { Matching: LoopMatching.Off } ? 0 : call.Fingerprint;

    private static ulong TextOf(ulong result) => result & uint.MaxValue;

    private static ulong ShapeOf(ulong result) => result >> 32 == 0 ? result : result >> 32 << 32;

    // To the micro-dollar, of which these budgets hold none.
    private static long SpentSince(Past past, long spent) => Math.Max(0, (spent / 1000) - (past.SpentBefore / 1000)) * 1000;

    private Past PastOf(Happening fact)
    {
        var end =
            fact.Kind == EntryKind.Charged
                ? fact
                : facts.LastOrDefault(other =>
                    other.About == fact.Number
                    && other.Kind is EntryKind.Settled or EntryKind.Charged or EntryKind.Released
                    && other.About == fact.Number
                    && other.Call!.Result != 0
                );
        var result = end?.Call!.Result ?? 0;
        if (policy.ByName.GetValueOrDefault(fact.Call!.Name) is { Matching: LoopMatching.Off } && fact.Kind == EntryKind.Charged)
            result = 0;
        var before = new Picture(facts.Take(fact.Number - 1).ToList());
        return new Past(
            fact.Call,
            fact.Child,
            fact.At,
            fact.Number,
            FingerprintOf(fact.Call),
            TextOf(result),
            ShapeOf(result),
            end?.Call!.Failed ?? false,
            0,
            before.Spent
        );
    }

    private sealed record Past(
        Call Call,
        string? Child,
        DateTimeOffset At,
        int Number,
        ulong Fingerprint,
        ulong Result,
        ulong Shape,
        bool Failed,
        int Turn,
        long SpentBefore
    );

    private sealed record Found(
        LoopKind Rule,
        LoopAction Action,
        int Count,
        int Period,
        TimeSpan Window,
        TimeSpan ThrottleFor,
        List<Past> Counted
    )
    {
        public Patience? Wait { get; init; }
    }

    private sealed record Patience(int Count, long Since, long Spent, bool IsTold);
}
