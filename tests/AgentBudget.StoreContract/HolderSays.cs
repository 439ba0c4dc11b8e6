namespace AgentBudget.StoreContract;

/// <summary>What a holder says to the ledger whose money it has: that it is registered, and with a report what it did.</summary>
/// <param name="HolderId">The holder.</param>
/// <param name="Life">Its life.</param>
public sealed record HolderSays(string HolderId, long Life)
{
    /// <summary>Through which of its entries it reports; 0 for no report.</summary>
    public long Through { get; init; }

    /// <summary>What it spent in them.</summary>
    public string Spent { get; init; } = "0";

    /// <summary>Whether it has ended.</summary>
    public bool IsSealed { get; init; }

    /// <summary>Whether its id is somebody else's.</summary>
    public bool IsTaken { get; init; }

    /// <summary>Its row, when that is closed and was looked up.</summary>
    public HolderRow? ClosedRow { get; init; }

    internal HolderWord Of(SessionHead parent, HolderRow row, DateTimeOffset now) =>
        new()
        {
            HolderId = HolderId,
            HolderLife = IsTaken ? 0 : Life,
            ParentId = parent.SessionId,
            ParentLife = parent.Life,
            RowMark = row.Mark,
            Time = now,
            Granted = row.HolderLife == 0 ? Money.Zero : row.Granted,
            State = IsTaken ? HolderState.Taken : HolderState.Known,
            Report = Through == 0 ? null : ReportOf(row),
        };

    private HolderReport ReportOf(HolderRow row)
    {
        var spent = Money.Parse(Spent);
        return new HolderReport
        {
            From = row.ReportedThrough,
            To = Through,
            Epoch = row.Epoch,
            SpentUp = spent,
            SpentAfter = row.Spent + spent,
            Breakdown = spent == Money.Zero ? Breakdown.Empty : Breakdown.Empty.Add(Call.Tool("search"), spent),
            IsSealed = IsSealed,
        };
    }
}
