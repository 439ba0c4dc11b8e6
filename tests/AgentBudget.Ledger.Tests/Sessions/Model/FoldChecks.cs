namespace AgentBudget.Ledger.Tests;

/// <summary>A head is the fold of its entries: whoever has the timeline alone reaches the same head.</summary>
internal static class FoldChecks
{
    public static void Check(SessionShell shell)
    {
        var folded = shell.Timeline.Aggregate(new SessionHead { SessionId = shell.Head.SessionId }, SessionFold.Next);
        Same(shell.Head, folded);
        var state = new SessionState(new SessionHead { SessionId = shell.Head.SessionId });
        foreach (var entry in shell.Timeline)
            state.Apply(entry);
        Same(shell.Head, state.Head);
        Assert.Equal(shell.Ledger.OpenReservations.Values.OrderBy(open => open.Id), state.Open.Values.OrderBy(open => open.Id));
    }

    private static void Same(SessionHead expected, SessionHead found)
    {
        Assert.Equal(Flat(expected), Flat(found));
        Assert.Equal(expected.Breakdown.Categories, found.Breakdown.Categories);
        Assert.Equal(expected.Children.Select(Flat), found.Children.Select(Flat));
        Assert.Equal(
            expected.Children.SelectMany(child => child.Breakdown.Categories),
            found.Children.SelectMany(child => child.Breakdown.Categories)
        );
    }

    // Lists compare by reference in records: they are compared on their own.
    private static SessionHead Flat(SessionHead head) => head with { Breakdown = Breakdown.Empty, Children = [] };

    private static ChildAccount Flat(ChildAccount child) => child with { Breakdown = Breakdown.Empty };
}
