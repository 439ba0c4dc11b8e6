using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>One name with what was derived for it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Statements">All that was said of it.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="KnownUntil">The last day for which they are known: that of the edition.</param>
internal sealed record DerivedName(string Name, IReadOnlyList<Statement> Statements, IReadOnlyList<RowEntry> Rows, DateOnly KnownUntil)
{
    /// <summary>What the older editions gave, where a newer one spoke as well; null otherwise.</summary>
    public DerivedName? Older { get; private init; }

    /// <summary>What the newest edition alone gave, where an older one spoke as well; null otherwise.</summary>
    public DerivedName? Newest { get; private init; }

    /// <summary>This name with what a newer edition says of it, or of the same model under another name.</summary>
    public DerivedName FollowedBy(DerivedName newer)
    {
        var stated = Succession.HoldingOn(newer.Rows, newer.KnownUntil);
        // Of a name that it meets by a pattern only, an older source knows a relative; that says what a model's parts cost, and not what
        // it cost before.
        var rows =
            IsMetByPattern && newer.Name == Name
                ? [RowCompletion.Complete(stated, Rows[^1])]
                : Succession.Of(Rows, KnownUntil, stated, newer.KnownUntil);
        return this with
        {
            Older = this,
            Newest = newer,
            Rows = Succession.WithAnnounced(rows, newer.Announced, newer.KnownUntil),
            KnownUntil = newer.KnownUntil,
            Statements = [.. newer.Statements, .. Statements],
        };
    }

    /// <summary>Whether what a newer edition states is what holds already; what it leaves open it leaves as it is.</summary>
    public bool IsConfirmedBy(DerivedName newer) =>
        Succession.HoldingOn(Rows, newer.KnownUntil).Covers(Succession.HoldingOn(newer.Rows, newer.KnownUntil))
        && newer.Announced.All(announced => Rows.Any(row => row.From == announced.From && row.Covers(announced)));

    /// <summary>This name, known up to the day of a newer edition that says the same of it.</summary>
    public DerivedName ConfirmedBy(DerivedName newer)
    {
        var day = newer.KnownUntil;
        var (current, stated) = (Succession.HoldingOn(Rows, day), Succession.HoldingOn(newer.Rows, day));
        return this with
        {
            Older = this,
            Newest = newer,
            Rows =
            [
                .. Rows.Select(row =>
                    ReferenceEquals(row, current) ? row with { Source = stated.Source, Retrieved = stated.Retrieved } : row
                ),
            ],
            KnownUntil = newer.KnownUntil,
            Statements = [.. newer.Statements, .. Statements],
        };
    }

    /// <summary>The most output tokens: what most sources say, and the larger where they do not agree, because it bounds a worst
    /// case.</summary>
    public long? MaxOutputTokens =>
        Statements
            .Select(statement => statement.MaxOutputTokens)
            .Where(most => most is not null)
            .GroupBy(most => most)
            .OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Key)
            .FirstOrDefault()
            ?.Key;

    private RowEntry[] Announced => Succession.AfterDay(Rows, KnownUntil);

    private bool IsMetByPattern =>
        Statements.Where(statement => statement.Use == StatementUse.Price).All(statement => !statement.IsExact || statement.IsBorrowed);

    public bool HasRowsOf(DerivedName other) => AreSame(Rows, other.Rows, (one, two) => one.Matches(two));

    /// <summary>Whether two names were said to cost the same, as far as each was spoken of.</summary>
    public bool AgreesWith(DerivedName other) => AreSame(Rows, other.Rows, (one, two) => one.Agrees(two));

    private static bool AreSame(IReadOnlyList<RowEntry> rows, IReadOnlyList<RowEntry> others, Func<RowEntry, RowEntry, bool> isSame) =>
        rows.Count == others.Count && rows.Zip(others).All(pair => isSame(pair.First, pair.Second));
}
