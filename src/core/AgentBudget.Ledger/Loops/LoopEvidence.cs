using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>Why a call was taken for a loop, or for the beginning of one.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.loop-evidence")]
public sealed record LoopEvidence
{
    [Id(8)]
    private readonly long[] sequences = [];

    /// <summary>The rule that found it.</summary>
    [Id(0)]
    public LoopKind Rule { get; init; }

    /// <summary>What was done about it.</summary>
    [Id(1)]
    public LoopAction Action { get; init; }

    /// <summary>The tool or model of the call that was judged.</summary>
    [Id(2)]
    public required string Name { get; init; }

    /// <summary>Its agent's label, when it has one.</summary>
    [Id(3)]
    public string? Agent { get; init; }

    /// <summary>Its fingerprint; 0 when it has none.</summary>
    [Id(4)]
    public ulong Fingerprint { get; init; }

    /// <summary>What the rule counted, the call that was judged included: calls, rounds of a cycle, or turns.</summary>
    [Id(5)]
    public int Count { get; init; }

    /// <summary>The length of the cycle; 0 when it is none.</summary>
    [Id(6)]
    public int Period { get; init; }

    /// <summary>How far the rule looks back, in whole seconds.</summary>
    [Id(7)]
    public int WindowSeconds { get; init; }

    /// <summary>The entries that it counted, oldest first, without the call that was judged; of long ones the last 24.</summary>
    public IReadOnlyList<long> Sequences
    {
        get => sequences;
        init => sequences = Owned.ListOf(value);
    }

    /// <summary>What the session has spent since the first of them began, to the micro-dollar; of a wait that was warned about before, what
    /// its agent has spent since <see cref="WaitingSince"/>.</summary>
    [Id(9)]
    public Money Spent { get; init; }

    /// <summary>When a slowed call may be made; null when nothing was slowed.</summary>
    [Id(10)]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The entry that was first warned about a wait that goes on: <see cref="Count"/> goes back beyond what the rule looks at. 0
    /// where there is none.</summary>
    [Id(11)]
    public long WaitingSince { get; init; }

    /// <summary>What was found, in a sentence without an end.</summary>
    public string Finding =>
        Rule switch
        {
            LoopKind.Window => FormattableString.Invariant(
                $"{Name} was called {Count} times with the same arguments within {WindowSeconds} seconds"
            ),
            LoopKind.Row => FormattableString.Invariant(
                $"{Name} was called {Count} times in a row with the same arguments and nothing new came of it"
            ),
            LoopKind.Repeat => FormattableString.Invariant($"{Name} was called {Count} times with the same arguments and the same result"),
            LoopKind.Cycle => FormattableString.Invariant($"a cycle of {Period} calls came round {Count} times, {Name} the last of them"),
            LoopKind.Stall => FormattableString.Invariant(
                $"{Count} turns in a row only repeated earlier calls and got what they got before, {Name} the last of them"
            ),
            LoopKind.SameResult => FormattableString.Invariant(
                $"{Name} was called with {Count} different arguments in a row and gave the same result each time"
            ),
            LoopKind.SameFailure => FormattableString.Invariant(
                $"{Name} was called with {Count} different arguments in a row and failed in the same way each time"
            ),
            LoopKind.CounterRow => FormattableString.Invariant(
                $"{Name} was called {Count} times in a row with the same arguments and only numbers changed in what came of it"
            ),
            LoopKind.Spend => FormattableString.Invariant(
                $"{Count} calls spent {Spent} within {WindowSeconds} seconds, a large share of the budget"
            ),
            LoopKind.ModelOnly => FormattableString.Invariant($"{Name} was called {Count} times in a row without a tool call in between"),
            _ => FormattableString.Invariant($"{Count} calls and {Spent} came within {WindowSeconds} seconds, above the ceiling"),
        };

    /// <summary>What would end the streak, in a sentence without an end.</summary>
    public string Reset =>
        Rule switch
        {
            LoopKind.ModelOnly => "a tool call, a message of the user, or an operator's resume",
            LoopKind.Rate or LoopKind.Spend => "time, or an operator's resume",
            LoopKind.SameResult or LoopKind.SameFailure => "another result, a message of the user, or an operator's resume",
            _ => "a call or a result that is new, a message of the user, or an operator's resume",
        };

    /// <summary>A line that can be given to the model, so that it has a chance to do otherwise.</summary>
    public string Advice =>
        Rule switch
        {
            LoopKind.ModelOnly =>
                $"You have answered {Count} times without calling a tool. If the task is done, say so and stop; if not, call a tool.",
            LoopKind.Spend => "You are spending the budget of this session quickly. Make sure that each call brings the task forward.",
            LoopKind.Rate => "You are calling faster than this session allows. Slow down.",
            _ => $"You seem to be stuck: {Finding}. Do not repeat it; try something else, or say what keeps you from going on.",
        };

    /// <summary>Whether two say the same, entries included.</summary>
    public bool Equals(LoopEvidence? other) =>
        other is not null
        && (Rule, Action, Name, Agent, Fingerprint) == (other.Rule, other.Action, other.Name, other.Agent, other.Fingerprint)
        && (Count, Period, WindowSeconds, Spent, RetryAfter, WaitingSince)
            == (other.Count, other.Period, other.WindowSeconds, other.Spent, other.RetryAfter, other.WaitingSince)
        && Sequences.SequenceEqual(other.Sequences);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rule, Action, Name, Fingerprint, Count, Sequences.Count);
}
