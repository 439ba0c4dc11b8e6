using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>What a parent has to say to its holders.</summary>
internal static class ParentSpeech
{
    /// <summary>What is to be said to a holder: absolute, and all of it every time.</summary>
    public static LedgerMessage Word(SessionHead head, HolderRow row, DateTimeOffset now)
    {
        var time = now > head.LastEntryAt ? now : head.LastEntryAt;
        if (row is { HolderLife: 0, Options: { } options })
        {
            return new Invitation
            {
                HolderId = row.HolderId,
                ParentId = head.SessionId,
                ParentLife = head.Life,
                RowMark = row.Mark,
                Time = time,
                Options = options,
                Policy = row.Policy,
                BodyHash = row.Policy == HolderPolicy.Carved ? 0 : row.Intent?.BodyHash ?? 0,
            };
        }

        return new ParentWord
        {
            HolderId = row.HolderId,
            HolderLife = row.HolderLife,
            ParentId = head.SessionId,
            ParentLife = head.Life,
            RowMark = row.Mark,
            Time = time,
            Granted = row.Granted,
            GivenBack = row.GivenBack,
            Spent = row.Spent,
            Through = row.ReportedThrough,
            Epoch = row.Epoch,
            HoldNumber = head.HoldNumber,
            IsPaused = head.Breaker.PausedBy != PauseSources.None,
            // A closed row stays closed: a holder that lives again, because its store was restored, has to end.
            IsStop = head.IsOver || !row.IsOpen || TenantStop.Ends(head, row),
            StopNumber = TenantStop.NumberFor(head, row),
            IsClosed = !row.IsOpen,
        };
    }

    /// <summary>What is said to a session that may not be opened.</summary>
    public static ParentWord Refusal(Turn turn, AdmissionRequest request, RefusalReason reason) =>
        Nothing(turn, request, 0, ParentState.NoRow) with
        {
            Refused = reason,
            RefusedAsk = request.Time.UtcTicks,
        };

    /// <summary>What is said to a holder that has no row here.</summary>
    public static ParentWord Nothing(Turn turn, HolderWord word, ParentState state) => Nothing(turn, word, word.HolderLife, state);

    private static ParentWord Nothing(Turn turn, LedgerMessage word, long holderLife, ParentState state) =>
        new()
        {
            HolderId = word.HolderId,
            HolderLife = holderLife,
            ParentId = word.ParentId,
            ParentLife = word.ParentLife,
            RowMark = word.RowMark,
            Time = turn.Time,
            Granted = Money.Zero,
            GivenBack = Money.Zero,
            Spent = Money.Zero,
            Through = 0,
            Epoch = 0,
            HoldNumber = 0,
            IsPaused = false,
            State = state,
        };
}
