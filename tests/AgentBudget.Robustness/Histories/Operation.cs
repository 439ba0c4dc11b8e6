using System.Globalization;
using System.Text.Json.Serialization;

namespace AgentBudget.Robustness.Histories;

/// <summary>What a client is about to send. Written down before it is sent, so that no entry can come from nowhere.</summary>
public sealed record Invocation
{
    /// <summary>Counts the invocations of one client.</summary>
    public required long Number { get; init; }

    /// <summary>The client that sends it.</summary>
    public required string Client { get; init; }

    /// <summary>The session that it goes to.</summary>
    public required string Session { get; init; }

    /// <summary>When it is sent for the first time.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The command; null when something is read.</summary>
    public SessionCommand? Command { get; init; }

    /// <summary>The idempotency key, if there is one.</summary>
    [JsonIgnore]
    public string? Key => Command?.Key;

    /// <summary>What it is, in one word.</summary>
    [JsonIgnore]
    public string Word => Command?.GetType().Name.Replace("Command", "", StringComparison.Ordinal) ?? "Read";

    /// <summary>The hash of what stands in the session's own timeline when it is granted.</summary>
    [JsonIgnore]
    public long BodyHash => Command!.HashBody();
}

/// <summary>What became of an invocation as its client knows it.</summary>
public sealed record Outcome
{
    /// <summary>The invocation's number.</summary>
    public required long Number { get; init; }

    /// <summary>The client.</summary>
    public required string Client { get; init; }

    /// <summary>When the client knew, or gave up.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How often it was sent.</summary>
    public required int Attempts { get; init; }

    /// <summary>The answer to a command.</summary>
    public SessionAnswer? Answer { get; init; }

    /// <summary>What was read.</summary>
    public Standing? Read { get; init; }

    /// <summary>What a tenant was asked for and told, as text; null where nothing was.</summary>
    public string? Told { get; init; }

    /// <summary>An exception that no fault explains.</summary>
    public string? Failure { get; init; }

    /// <summary>Why the last attempt without an answer had none; null when the first was answered.</summary>
    public string? LastProblem { get; init; }
}

/// <summary>An invocation, and what became of it; without an outcome, or with an empty one, that is unknown.</summary>
public sealed record Operation(Invocation Invocation, Outcome? Outcome)
{
    /// <summary>The answer, if the client had one.</summary>
    public SessionAnswer? Answer => Outcome?.Answer;

    /// <summary>Whether it was answered and did what was asked.</summary>
    public bool IsGranted => Answer is { IsGranted: true };

    /// <summary>Whether it was answered with a refusal.</summary>
    public bool IsRefused => Answer is { IsGranted: false };

    /// <summary>Whether something was read.</summary>
    public bool IsRead => Invocation.Command is null;

    /// <summary>Whether nobody but the final timeline knows what became of it.</summary>
    public bool IsUnknown => Outcome is null or { Answer: null, Read: null, Told: null, Failure: null };

    /// <summary>When, who, where, what and what became of it: a short line for people.</summary>
    public string Summary
    {
        get
        {
            var attempts = Outcome?.Attempts ?? 0;
            return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Invocation.SentAt:HH:mm:ss} {Invocation.Client} on {Invocation.Session}: "
                        + $"{Invocation.Word}{(Invocation.Key is { } key ? $" {key}" : "")} → {Result}"
                ) + (attempts > 1 ? FormattableString.Invariant($", after {attempts} attempts") : "");
        }
    }

    // An answer that was read back says "again": an attempt before it had gone through.
    private string Result =>
        Outcome switch
        {
            { Failure: { } failure } => failure,
            { Read: { } read } => FormattableString.Invariant($"read at {read.Sequence}"),
            { Told: not null } => "told",
            { Answer: { Refusal: { } refusal } answer } => FormattableString.Invariant(
                $"refused {refusal.Reason} at {answer.Standing.Sequence}"
            ),
            { Answer: { } answer } => string.Create(
                CultureInfo.InvariantCulture,
                $"granted {answer.Amount} as entry "
                    + $"{answer.EntrySequence}{(answer.IsReplay ? ", again" : "")}{(answer.IsUnchanged ? ", nothing new" : "")}"
            ),
            _ => "unknown",
        };

    /// <summary>All of it in one line, to search for what broke a law.</summary>
    public override string ToString()
    {
        var sent = FormattableString.Invariant(
            $"{Invocation.SentAt:HH:mm:ss.fff} {Invocation.Client} {Invocation.Word} {Invocation.Key ?? "-"}"
        );
        var what = Invocation.Command is { } command ? " " + HistoryJson.Text(command) : "";
        if (Outcome is not { } outcome)
            return $"{sent}{what} → unknown";
        var result = outcome is { Failure: null, Read: { } read } ? $"read {HistoryJson.Text(read)}" : Result;
        return FormattableString.Invariant($"{sent}{what} → {outcome.At:HH:mm:ss.fff} {result} (attempts: {outcome.Attempts})");
    }
}
