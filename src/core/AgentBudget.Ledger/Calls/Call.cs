using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>What was called.</summary>
public enum CallKind : byte
{
    /// <summary>A model; its name is the model's.</summary>
    Model = 0,

    /// <summary>A tool; its name is the tool's.</summary>
    Tool = 1,
}

/// <summary>Where a settled cost comes from, from best to worst.</summary>
public enum CostSource : byte
{
    /// <summary>The provider's own usage or a fixed price.</summary>
    Provider = 0,

    /// <summary>Partial usage, completed by counting, or billed at the dearest that it can mean.</summary>
    Partial = 1,

    /// <summary>Estimated without usage.</summary>
    Estimated = 2,

    /// <summary>Nothing was known: the whole reservation was taken.</summary>
    Reserved = 3,
}

/// <summary>The model or tool call that an amount pays for.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.call")]
public sealed record Call
{
    // Tools use no tokens, and a model's are not known while money is set aside: counts of zero would be half of a call.
    [Id(9)]
    private readonly CountedTokens? tokens;

    /// <summary>Model or tool. Default: model.</summary>
    [Id(0)]
    public CallKind Kind { get; init; }

    /// <summary>The model's or tool's name: 1 to 128 characters, no control characters.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The provider, when known: up to 128 characters.</summary>
    [Id(2)]
    public string? Provider { get; init; }

    /// <summary>The label of the agent that calls, so that two agents in one session do not share a streak: up to 128 characters.</summary>
    [Id(3)]
    public string? Agent { get; init; }

    /// <summary>
    /// Stands for name and normalised arguments, made by <see cref="CallFingerprint"/>. Zero (default): none, and the call never
    /// counts as a repeat.
    /// </summary>
    [Id(4)]
    public ulong Fingerprint { get; init; }

    /// <summary>Tells how alike the arguments of two calls are, made by <see cref="ArgumentSketch"/>. Zero (default): not known.</summary>
    [Id(5)]
    public ulong Sketch { get; init; }

    /// <summary>
    /// Stands for what the call returned, made by <see cref="ResultFingerprint"/> and reported when it is settled or charged. A result
    /// that is new is progress, one that came before is none. Zero (default): not known.
    /// </summary>
    [Id(6)]
    public ulong Result { get; init; }

    /// <summary>Whether the call failed, where that is reported. Default: no.</summary>
    [Id(7)]
    public bool Failed { get; init; }

    /// <summary>
    /// Whether the call changes something, a file for one: a check that is made again after a change that succeeded is no repetition.
    /// <see cref="Tool"/> tells it by name and arguments; <see cref="ToolLoops.Changes"/> says otherwise. Default: no.
    /// </summary>
    [Id(13)]
    public bool Changes { get; init; }

    /// <summary>
    /// Whether a message of the user came before this call: what the agent did until then counts towards no loop any more. Default: no.
    /// </summary>
    [Id(8)]
    public bool AfterUser { get; init; }

    /// <summary>Tokens used, when known.</summary>
    public TokenUsage Usage
    {
        get => tokens?.Usage ?? default;
        init => tokens = value.IsZero ? null : new CountedTokens(value);
    }

    internal CountedTokens? Tokens => tokens;

    /// <summary>Whether a price row, its table, or a source other than the provider is named.</summary>
    internal bool HasPrice => PriceRow is not null || PriceTableVersion is not null || Source != CostSource.Provider;

    /// <summary>Whether anything is said that few calls say: about arguments, result, terms, or what the table makes of it.</summary>
    internal bool HasDetails =>
        (Sketch | Result) != 0
        || Failed
        || Changes
        || AfterUser
        || IsUncapped
        || TableCost is not null
        || ServiceTier is not null
        || Region is not null
        || Speed is not null;

    /// <summary>The price row that the cost was computed from, when there was one.</summary>
    [Id(10)]
    public string? PriceRow { get; init; }

    /// <summary>The version of the price table that the row stands in.</summary>
    [Id(11)]
    public string? PriceTableVersion { get; init; }

    /// <summary>Where the cost comes from. Default: the provider.</summary>
    [Id(12)]
    public CostSource Source { get; init; }

    /// <summary>
    /// The service tier in the provider's words: the one asked for while money is set aside, the one served once the cost is recorded. Null
    /// (default): not said. Up to 128 characters, as the two below.
    /// </summary>
    [Id(14)]
    public string? ServiceTier { get; init; }

    /// <summary>The region that the provider was told to keep the call in, and then served it in. Null (default): not said.</summary>
    [Id(15)]
    public string? Region { get; init; }

    /// <summary>The speed asked for, and then served, where a provider sells one. Null (default): not said.</summary>
    [Id(16)]
    public string? Speed { get; init; }

    /// <summary>
    /// Whether nobody has said how much the call may cost, so that its amount is the most that it could possibly come to: where it may be
    /// clamped (<see cref="ReserveCommand.LeastAmount"/>) it is granted a share of the room, and many such calls run side by side.
    /// Default: no.
    /// </summary>
    [Id(18)]
    public bool IsUncapped { get; init; }

    /// <summary>
    /// What the price table makes of the call, where the cost is the provider's own figure and differs from it; null (default) where it
    /// does not, or where the cost is the table's.
    /// </summary>
    [Id(17)]
    public Money? TableCost { get; init; }

    /// <summary>Names a model call.</summary>
    public static Call Model(string name, string? provider = null) =>
        new()
        {
            Kind = CallKind.Model,
            Name = name,
            Provider = provider,
        };

    /// <summary>Names a tool call.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="argumentsJson">
    /// The arguments, as JSON text or any text; <c>{}</c> for a tool that takes none. Null: not known, and the call never counts as a
    /// repeat.
    /// </param>
    public static Call Tool(string name, string? argumentsJson = null) =>
        new()
        {
            Kind = CallKind.Tool,
            Name = name,
            Fingerprint = argumentsJson is null ? 0 : CallFingerprint.Of(name, argumentsJson),
            Sketch = argumentsJson is null ? 0 : ArgumentSketch.Of(argumentsJson),
            Changes = ChangingCall.Is(name, argumentsJson ?? ""),
        };

    internal void Validate()
    {
        Checks.Defined(Kind, "The kind of the call");
        Checks.Defined(Source, "The source of the cost");
        Checks.Name(Name, Kind == CallKind.Model ? "The model's name" : "The tool's name");
        Checks.Text(Provider, "The provider's name", Bounds.NameLength);
        Checks.Text(Agent, "The agent's label", Bounds.NameLength);
        Checks.NotReserved(Name, "The call's name");
        Checks.NotReserved(Agent, "The agent's label");
        Checks.Text(PriceRow, "The price row", Bounds.NameLength * 2);
        Checks.Text(PriceTableVersion, "The price table's version", Bounds.NameLength);
        Checks.Text(ServiceTier, "The service tier", Bounds.NameLength);
        Checks.Text(Region, "The region", Bounds.NameLength);
        Checks.Text(Speed, "The speed", Bounds.NameLength);
        if (TableCost is { } table)
            Checks.Cost(table, "What the price table makes of the call");
        if (tokens?.Usage.FindProblem() is { } problem)
            throw new ArgumentException(problem);
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add((long)Kind);
        hash.Add(Name);
        hash.Add(Provider);
        hash.Add(Agent);
        hash.Add((long)Fingerprint);
        TokenUsage.AddTo(ref hash, tokens);
        var hasTerms = ServiceTier is not null || Region is not null || Speed is not null;
        // That the user spoke is news of the moment, and no part of what is asked: a step that is run again does not say it again.
        hash.Add((Failed ? 1 : 0) | (Changes ? 4 : 0) | (hasTerms ? 8 : 0) | (IsUncapped ? 16 : 0));
        hash.Add((long)Sketch);
        hash.Add((long)Result);
        // What decides the price of a command by usage is a part of its body; most calls name no terms, and their hashes stay what they
        // were.
        if (!hasTerms)
            return;
        hash.Add(ServiceTier);
        hash.Add(Region);
        hash.Add(Speed);
    }
}
