namespace AgentBudget.Ledger;

/// <summary>What entries do to the children that a head lists: shared ones, and carved ones that have ended.</summary>
internal static class ChildFold
{
    public static void OpenShared(ref HeadChange change, SessionHead head, Entry entry)
    {
        Add(
            ref change,
            new ChildAccount
            {
                Name = entry.Child!,
                Kind = ChildKind.Shared,
                OpenedSequence = entry.Sequence,
                OpenedAt = entry.At,
            }
        );
        change.ChildrenTotal++;
    }

    public static void CloseShared(ref HeadChange change, SessionHead head, Entry entry) =>
        Replace(ref change, entry.Child!, child => child with { ClosedAt = entry.At });

    /// <summary>Adds a cost to the child's own account.</summary>
    public static void Spend(ref HeadChange change, string child, Entry entry) =>
        Replace(
            ref change,
            child,
            account => account with { Spent = account.Spent + entry.Amount, Breakdown = account.Breakdown.Add(entry.Call!, entry.Amount) }
        );

    /// <summary>Adds a correction to the child's own account.</summary>
    public static void Correct(ref HeadChange change, Entry entry)
    {
        if (entry.Child is null)
            return;
        Replace(
            ref change,
            entry.Child,
            account =>
                account with
                {
                    Spent = account.Spent + entry.Amount,
                    Breakdown = account.Breakdown.Correct(entry.Call!, entry.Amount),
                }
        );
    }

    /// <summary>Lists a carved child that has ended, and what it spends after that.</summary>
    public static void Remember(ref HeadChange change, HolderRow row, bool wasOpen)
    {
        var account = ChildAccount.Of(row);
        if (wasOpen)
            Add(ref change, account);
        else
            change.Children = change.Children.Select(child => child.OpenedSequence == row.Number ? account : child).ToArray();
    }

    /// <summary>The child of that name, or null when it was never opened or is long closed.</summary>
    public static ChildAccount? Find(SessionHead head, string name)
    {
        for (var i = 0; i < head.Children.Count; i++)
        {
            if (string.Equals(head.Children[i].Name, name, StringComparison.Ordinal))
                return head.Children[i];
        }

        return null;
    }

    private static void Add(ref HeadChange change, ChildAccount account)
    {
        var children = change.Children.ToList();
        var closed = children.Count(child => !child.IsOpen);
        if (closed >= Bounds.RememberedChildren)
            children.RemoveAt(children.FindIndex(child => !child.IsOpen));
        children.Add(account);
        change.Children = children.ToArray();
    }

    private static void Replace(ref HeadChange change, string name, Func<ChildAccount, ChildAccount> replace)
    {
        var children = change.Children.ToArray();
        var index = Array.FindIndex(children, child => string.Equals(child.Name, name, StringComparison.Ordinal));
        if (index < 0)
            return;
        children[index] = replace(children[index]);
        change.Children = children;
    }
}
