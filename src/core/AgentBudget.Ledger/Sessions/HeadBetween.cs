namespace AgentBudget.Ledger;

/// <summary>What of a head stands between two ledgers. A head is copied for every entry, and most sessions have nothing of this.</summary>
internal sealed record HeadBetween
{
    public static readonly HeadBetween None = new();

    public ParentLink? Link { get; init; }

    public IReadOnlyList<Intent> Intents { get; init; } = [];

    public int OpenHolders { get; init; }

    public long HoldNumber { get; init; }

    /// <summary>Null when it says nothing, so that a head has one form.</summary>
    public HeadBetween? OrNull() => Link is null && Intents.Count == 0 && OpenHolders == 0 && HoldNumber == 0 ? null : this;
}
