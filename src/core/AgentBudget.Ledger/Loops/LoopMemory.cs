namespace AgentBudget.Ledger;

/// <summary>
/// The last calls of a session, at most <see cref="Bounds.LoopMemory"/>, within the last <see cref="Bounds.LoopEntries"/> entries and the
/// longest window of the policy. Filled by entries alone, so that an activation that reads them back remembers the same.
/// </summary>
internal sealed partial class LoopMemory(TimeSpan longestWindow)
{
    private const int SmallestCapacity = 8;

    private readonly uint longestMilliseconds = (uint)longestWindow.TotalMilliseconds;

    // Keys stand on their own: whether a call came before is asked each time, and answered by one sweep over them. Free places hold 0.
    private uint[] keys = [];
    private RememberedCall[] calls = [];
    private Extras? extras;
    private int start;
    private long lastMilliseconds;

    /// <summary>How many calls are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>The entry of the last of them.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Asks for the memory that judging a call is going to touch: all keys, the newest calls, and the oldest.</summary>
    public void Prefetch()
    {
        if (Count == 0)
            return;
        Prefetcher.FetchAll(keys);
        Prefetcher.Fetch(calls, PlaceOf(0), 1);
        Prefetcher.Fetch(calls, PlaceOf(Math.Min(Count - 1, 4)), 1);
        Prefetcher.Fetch(calls, start, 1);
    }

    /// <summary>How often a call is remembered.</summary>
    public int CountOf(uint key) => key == 0 ? 0 : keys.AsSpan().Count(key);

    /// <summary>The newest place of a call at or before the n-th newest of all calls; -1 when there is none.</summary>
    public int FindBack(uint key, int fromBack)
    {
        // Newest first: from the place down to the first, then from the last down to the oldest.
        if (fromBack >= Count)
            return -1;
        var newest = PlaceOf(fromBack);
        if (newest >= start)
            return keys.AsSpan(start, newest - start + 1).LastIndexOf(key) is >= 0 and var found ? Count - 1 - found : -1;
        if (keys.AsSpan(0, newest + 1).LastIndexOf(key) is >= 0 and var low)
            return Count - 1 - (low + keys.Length - start);
        return keys.AsSpan(start).LastIndexOf(key) is >= 0 and var high ? Count - 1 - high : -1;
    }

    /// <summary>Whether a call older than the n-th newest has the same key and result.</summary>
    public bool HasResultBefore(uint key, uint result, int back, in LoopMoment moment)
    {
        if (key == 0)
            return false;
        for (var older = back + 1; older < Count; older++)
        {
            var place = PlaceOf(older);
            if (keys[place] == key && calls[place].Result == result)
                return Reaches(moment, calls[place], longestMilliseconds);
        }

        return false;
    }

    /// <summary>Whether a call older than the n-th newest has the same key and a result of the same shape.</summary>
    public bool HasShapeBefore(uint key, ushort shape, int back, in LoopMoment moment)
    {
        if (key == 0)
            return false;
        for (var older = back + 1; older < Count; older++)
        {
            var place = PlaceOf(older);
            if (keys[place] == key && ShapeAt(place) == shape)
                return Reaches(moment, calls[place], longestMilliseconds);
        }

        return false;
    }

    public bool HasSketches => extras?.Sketches is not null;

    /// <summary>Milliseconds between the last call and a time.</summary>
    public long SinceLast(long milliseconds) => Math.Max(0, milliseconds - lastMilliseconds);

    public long LastMilliseconds => lastMilliseconds;

    /// <summary>How far back in time anything counts.</summary>
    public uint LongestMilliseconds => longestMilliseconds;

    /// <summary>How many of the last calls lie within a window, all agents together.</summary>
    public int CountWithin(in LoopMoment moment, long windowMilliseconds)
    {
        var (within, beyond) = (0, Count + 1);
        while (beyond - within > 1)
        {
            var middle = (within + beyond) / 2;
            if (Reaches(moment, calls[PlaceOf(middle - 1)], windowMilliseconds))
                within = middle;
            else
                beyond = middle;
        }

        return within;
    }

    /// <summary>Whether a remembered call lies within a window before a moment, and within what is remembered for certain.</summary>
    public bool Reaches(in LoopMoment moment, in RememberedCall call, long windowMilliseconds) =>
        moment.Sequence - LastSequence + call.SequencesBefore(LastSequence) < Bounds.LoopEntries
        && SinceLast(moment.Milliseconds) + call.MillisecondsBefore(LastMilliseconds) < Math.Min(windowMilliseconds, longestMilliseconds);

    /// <summary>The place of the n-th call, 0 for the newest.</summary>
    public int PlaceOf(int back) => (start + Count - 1 - back) & (keys.Length - 1);

    public int BackOf(int place) => Count - 1 - ((place - start) & (keys.Length - 1));

    /// <summary>The entry of a call.</summary>
    public long SequenceOf(int place) => LastSequence - calls[place].SequencesBefore(LastSequence);

    public ref readonly RememberedCall At(int place) => ref calls[place];

    /// <summary>The shape of a call's result; 0 while it is not known.</summary>
    public ushort ShapeAt(int place) => extras?.Shapes is { } shapes ? shapes[place] : (ushort)0;

    public uint KeyAt(int place) => keys[place];

    public ulong SketchAt(int place) => extras?.Sketches is { } sketches ? sketches[place] : 0;

    /// <summary>The number of a scope; -1 when nothing of it is remembered.</summary>
    public int FindScope(ulong scope) =>
        scope == 0 ? 0
        : extras is null ? -1
        : extras.Scopes.AsSpan().IndexOf(scope) is >= 0 and var index ? index + 1
        : -1;

    /// <summary>Remembers a call.</summary>
    public void Add(in CallTraits traits, long sequence, DateTimeOffset at, Money spentBefore)
    {
        var milliseconds = LoopSense.Milliseconds(at);
        Forget(sequence, milliseconds);
        if (Count == keys.Length || Count == Bounds.LoopMemory)
            MakeRoom();
        (LastSequence, lastMilliseconds) = (sequence, milliseconds);
        var scope = FindOrAddScope(traits.Scope);
        var place = (start + Count) & (keys.Length - 1);
        keys[place] = traits.Key;
        calls[place] = new RememberedCall(traits.Tool, scope, sequence, milliseconds, spentBefore, MarksOf(traits));
        if (extras?.Shapes is { } shapes)
            shapes[place] = 0;
        SetUpperSpent(place, RememberedCall.UpperSpentOf(spentBefore));
        Count++;
        if (traits.Sketch != 0 && traits.IsSimilar)
            (extras ??= new Extras()).Sketches ??= new ulong[keys.Length];
        if (extras?.Sketches is { } sketches)
            sketches[place] = traits.IsSimilar ? traits.Sketch : 0;
    }

    /// <summary>Adds its result to a call that is still remembered.</summary>
    public void SetResult(long sequence, ulong result, bool failed)
    {
        for (var back = 0; back < Count; back++)
        {
            var place = PlaceOf(back);
            var found = LastSequence - calls[place].SequencesBefore(LastSequence);
            if (found < sequence)
                return;
            if (found != sequence)
                continue;
            calls[place] = calls[place].WithResult(CallTraits.ResultOf(result), failed);
            SetShape(place, CallTraits.ShapeOf(result));
            return;
        }
    }

    /// <summary>What was spent since a call began.</summary>
    public Money SpentSince(int place, Money spent) =>
        calls[place].SpentSince(spent, extras?.UpperSpent is { } upper ? upper[place] : (ushort)0);

    /// <summary>What the session was warned about; null for nothing.</summary>
    public LoopWarnings? Warnings => extras?.Warnings;

    /// <summary>Remembers that a warning was given.</summary>
    public void Warned(ulong scope, Entry entry) => ((extras ??= new Extras()).Warnings ??= new LoopWarnings()).Add(scope, entry);

    // What is too old can be forgotten only from the far end; rules look at the age of each call by themselves.
    private void Forget(long sequence, long milliseconds)
    {
        if (Count == 0)
            return;
        if (sequence - LastSequence >= Bounds.LoopEntries || milliseconds - lastMilliseconds >= longestMilliseconds)
        {
            Array.Clear(keys);
            (start, Count) = (0, 0);
            return;
        }

        while (Count > 0)
        {
            ref readonly var oldest = ref calls[start];
            var entries = sequence - LastSequence + oldest.SequencesBefore(LastSequence);
            var age = milliseconds - lastMilliseconds + oldest.MillisecondsBefore(lastMilliseconds);
            if (entries < Bounds.LoopEntries && age < longestMilliseconds)
                return;
            RemoveOldest();
        }
    }

    private void RemoveOldest()
    {
        keys[start] = 0;
        start = (start + 1) & (keys.Length - 1);
        Count--;
    }

    private void MakeRoom()
    {
        if (Count == Bounds.LoopMemory)
        {
            RemoveOldest();
            return;
        }

        var capacity = Math.Max(SmallestCapacity, keys.Length * 2);
        calls = Moved(calls, capacity);
        if (extras?.Shapes is { } shapes)
            extras.Shapes = Moved(shapes, capacity);
        if (extras?.Sketches is { } sketches)
            extras.Sketches = Moved(sketches, capacity);
        if (extras?.UpperSpent is { } upper)
            extras.UpperSpent = Moved(upper, capacity);
        keys = Moved(keys, capacity);
        start = 0;
    }

    private static CallMarks MarksOf(in CallTraits traits) =>
        (traits.IsModel ? CallMarks.Model : CallMarks.None) | (traits.Changes ? CallMarks.Changes : CallMarks.None);

    private void SetShape(int place, ushort shape)
    {
        if (shape != 0)
            (extras ??= new Extras()).Shapes ??= new ushort[keys.Length];
        if (extras?.Shapes is { } shapes)
            shapes[place] = shape;
    }

    private void SetUpperSpent(int place, ushort upperSpent)
    {
        if (upperSpent != 0)
            (extras ??= new Extras()).UpperSpent ??= new ushort[keys.Length];
        if (extras?.UpperSpent is { } upper)
            upper[place] = upperSpent;
    }

    private T[] Moved<T>(T[] from, int capacity)
    {
        var to = new T[capacity];
        var first = Math.Min(Count, from.Length - start);
        from.AsSpan(start, first).CopyTo(to);
        from.AsSpan(0, Count - first).CopyTo(to.AsSpan(first));
        return to;
    }

    private byte FindOrAddScope(ulong scope)
    {
        if (FindScope(scope) is >= 0 and var known)
            return (byte)known;
        var scopes = (extras ??= new Extras()).Scopes;
        if (scopes.Length == byte.MaxValue)
        {
            var free = FindFreeScope();
            scopes[free - 1] = scope;
            return (byte)free;
        }

        // Agents are few and come once; the table grows one by one.
        extras.Scopes = [.. scopes, scope];
        return (byte)extras.Scopes.Length;
    }

    // At most 254 other calls are remembered when one is added, so one of the 255 numbers is free.
    private int FindFreeScope()
    {
        Span<bool> isUsed = stackalloc bool[byte.MaxValue + 1];
        for (var back = 0; back < Count; back++)
            isUsed[calls[PlaceOf(back)].Scope] = true;
        return 1 + isUsed[1..].IndexOf(false);
    }
}
