namespace AgentBudget.Ledger;

/// <summary>How sessions are opened.</summary>
internal static class OpenRules
{
    public static SessionAnswer Open(Turn turn, OpenCommand command)
    {
        var head = turn.Head;
        if (head.IsOpened)
            return OpenAgain(turn);
        return turn.Answer(
            new Entry
            {
                Kind = EntryKind.Opened,
                Amount = command.Options.Budget,
                Options = command.Options,
            }
        );
    }

    private static SessionAnswer OpenAgain(Turn turn) =>
        turn.BodyHash == turn.Head.OpenedBodyHash
            ? turn.Unchanged() with
            {
                EntrySequence = 1,
                Amount = turn.Head.Options!.Budget,
            }
            : turn.Refuse(RefusalReason.AlreadyOpen);
}
