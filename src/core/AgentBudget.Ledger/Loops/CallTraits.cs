namespace AgentBudget.Ledger;

/// <summary>What the rules compare of a call.</summary>
internal readonly struct CallTraits
{
    private CallTraits(Call call, string? child, LoopPolicy policy)
    {
        IsModel = call.Kind == CallKind.Model;
        Scope = ScopeOf(call, child);
        Tool = (ushort)Mixed(BodyHash.Of(call.Name));
        var settings = policy.For(call.Name);
        Settings = settings;
        Changes = settings?.Changes ?? call.Changes;
        if (settings is { Matching: LoopMatching.Off })
            return;
        Key = KeyOf(call.Fingerprint, Scope, IsModel);
        IsSimilar = settings is { Matching: LoopMatching.Similar };
        Sketch = call.Sketch;
        Result = ResultOf(call.Result);
        Shape = ShapeOf(call.Result);
        HasFailed = call.Failed;
    }

    public bool IsModel { get; }

    /// <summary>Agent and shared child; 0 for the session's own agent without a label.</summary>
    public ulong Scope { get; }

    public ushort Tool { get; }

    /// <summary>Stands for name and arguments, agent and kind; 0 for a call that never matches.</summary>
    public uint Key { get; }

    /// <summary>Stands for the result; 0 while it is not known.</summary>
    public uint Result { get; }

    /// <summary>Stands for the shape of the result, in which numbers do not count; 0 while it is not known.</summary>
    public ushort Shape { get; }

    public bool HasFailed { get; }

    /// <summary>Whether it changes something.</summary>
    public bool Changes { get; }

    public bool IsSimilar { get; }

    public ulong Sketch { get; }

    public ToolLoops? Settings { get; }

    public static CallTraits Of(Call call, string? child, LoopPolicy policy) => new(call, child, policy);

    /// <summary>A result as it is remembered: 24 bits, of which 0 stands for none.</summary>
    public static uint ResultOf(ulong result)
    {
        if (result == 0)
            return 0;
        var text = (uint)result;
        return Math.Max(1, (uint)(Mixed(text == 0 ? result : text) & 0xFF_FFFF));
    }

    /// <summary>The shape of a result as it is remembered: 16 bits, of which 0 stands for none.</summary>
    public static ushort ShapeOf(ulong result)
    {
        if (result == 0)
            return 0;
        // A small number is somebody's own: it has no shape but itself.
        var shape = result >> 32;
        return (ushort)Math.Max(1, Mixed(shape == 0 ? result : shape << 7) & 0xFFFF);
    }

    public static ulong ScopeOf(Call call, string? child)
    {
        if (call.Agent is null && child is null)
            return 0;
        var hash = default(BodyHash);
        hash.Add(call.Agent);
        hash.Add(child);
        return hash.Value == 0 ? 1 : (ulong)hash.Value;
    }

    private static uint KeyOf(ulong fingerprint, ulong scope, bool isModel) =>
        fingerprint == 0 ? 0 : Math.Max(1, (uint)Mixed(fingerprint ^ scope ^ (isModel ? 0xD6E8FEB86659FD93UL : 0)));

    private static ulong Mixed(ulong value)
    {
        value ^= value >> 32;
        value *= 0x9E3779B97F4A7C15UL;
        return value >> 32;
    }
}
