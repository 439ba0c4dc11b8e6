namespace AgentBudget.Ledger.Tenants;

/// <summary>
/// How a tenant is stopped: it is held as by a pause, and whoever has money of it ends for good. Sessions end, tenants below stop what is
/// open with them; those that cannot be reached are told later, whether it has been resumed meanwhile or not.
/// </summary>
internal static class TenantStop
{
    public static SessionAnswer Stop(Turn turn, StopTenantCommand command) =>
        turn.Head.Tenant!.StoppedBy.HasFlag(PauseSources.Operator)
            ? turn.Unchanged()
            : turn.Answer(
                new Entry
                {
                    Kind = EntryKind.Stopped,
                    PauseSource = PauseSources.Operator,
                    Related = TenantHistory.Before(turn.Head),
                    By = command.By,
                    Reason = command.Reason,
                }
            );

    /// <summary>Whether a holder is of those that were stopped. What was opened behind the resume is not.</summary>
    public static bool Concerns(SessionHead head, HolderRow row) =>
        head.Tenant is { } tenant && (tenant.StoppedBy != PauseSources.None || row.Number <= tenant.StoppedThrough);

    /// <summary>Whether a holder has to end by it. A tenant never ends, and stops what is open with it.</summary>
    public static bool Ends(SessionHead head, HolderRow row) => Concerns(head, row) && !TenantLedgers.IsId(row.HolderId);

    /// <summary>Which stop a holder has to hear of; 0 for none.</summary>
    public static long NumberFor(SessionHead head, HolderRow row) => Concerns(head, row) ? head.Tenant!.StopNumber : 0;

    /// <summary>The tenant above was stopped. Where it has been resumed since, what is open here ends all the same, and new ones may
    /// come.</summary>
    public static void Follow(Turn turn, ParentWord word)
    {
        var link = turn.Head.Link!;
        if (turn.Head.Tenant is null || word.StopNumber <= link.StopNumber)
            return;
        turn.WriteUnasked(
            new Entry
            {
                Kind = EntryKind.Stopped,
                PauseSource = word.IsPaused ? PauseSources.Parent : PauseSources.None,
                Related = TenantHistory.Before(turn.Head),
                Link = link with
                {
                    StopNumber = word.StopNumber,
                    HoldNumber = word.IsPaused ? Math.Max(word.HoldNumber, link.HoldNumber) : link.HoldNumber,
                },
            }
        );
    }

    /// <summary>What an entry does to it.</summary>
    /// <param name="tenant">The tenant before.</param>
    /// <param name="family">The family after the entry, as far as holds and holders go.</param>
    /// <param name="entry">The entry.</param>
    public static TenantState Fold(TenantState tenant, HeadFamily family, Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Stopped:
                return tenant with
                {
                    StoppedBy = tenant.StoppedBy | entry.PauseSource,
                    StoppedThrough = entry.Sequence,
                    StopNumber = family.HoldNumber,
                    StoppedHolders = family.OpenHolders,
                };
            case EntryKind.Resumed when tenant.StoppedBy.HasFlag(entry.PauseSource):
                // Nobody was admitted while it was stopped: all that are there now were to end.
                return tenant with { StoppedBy = tenant.StoppedBy & ~entry.PauseSource, StoppedThrough = entry.Sequence };
            // The number of a store that was restored starts over behind what holders have heard of.
            case var _ when entry.Holder is { HoldNumber: > 0 } && tenant.StoppedBy != PauseSources.None:
                return tenant with { StopNumber = family.HoldNumber };
            default:
                return tenant;
        }
    }
}
