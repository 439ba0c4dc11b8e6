namespace AgentBudget.Ledger;

/// <summary>What entries do to the children that a head lists.</summary>
internal static class ChildFold
{
    public static SessionHead Next(SessionHead head, Entry entry) => entry.Kind switch
    {
        EntryKind.ChildOpened => Add(head, entry, ChildKind.Shared),
        EntryKind.ChildClosed => Replace(head, entry.Child!, child => child with { ClosedAt = entry.At }),
        EntryKind.Carved when entry.CarveNumber == 1 =>
            Add(head, entry, ChildKind.Carved) with { Reserved = head.Reserved + entry.Amount },
        EntryKind.Carved => Replace(head, entry.Child!, child => child with
        {
            Carved = child.Carved + entry.Amount,
            CarveNumber = entry.CarveNumber,
        }) with { Reserved = head.Reserved + entry.Amount },
        EntryKind.CarveReturned => Replace(head, entry.Child!, child => child with { ClosedAt = entry.At, Spent = child.Spent + entry.Amount }) with
        {
            Reserved = head.Reserved - entry.Requested,
            Spent = head.Spent + entry.Amount,
            Breakdown = head.Breakdown.Add(entry.Breakdown ?? Breakdown.Empty),
        },
        _ => head,
    };

    /// <summary>Adds a cost to the child's own account.</summary>
    public static SessionHead Spend(SessionHead head, string child, Entry entry) => Replace(head, child, account => account with
    {
        Spent = account.Spent + entry.Amount,
        Breakdown = account.Kind == ChildKind.Shared ? account.Breakdown.Add(entry.Call!, entry.Amount) : account.Breakdown,
    });

    /// <summary>Adds a correction to the child's own account.</summary>
    public static SessionHead Correct(SessionHead head, Entry entry) => entry.Child is null ? head : Replace(head, entry.Child, account => account with
    {
        Spent = account.Spent + entry.Amount,
        Breakdown = account.Kind == ChildKind.Shared
            ? account.Breakdown.Correct(entry.Call!.Kind, entry.Call.Name, entry.Amount)
            : account.Breakdown,
    });

    /// <summary>The child of that name, or null when it was never opened or is long closed.</summary>
    public static ChildAccount? Find(SessionHead head, string name)
    {
        foreach (var child in head.Children)
        {
            if (string.Equals(child.Name, name, StringComparison.Ordinal)) return child;
        }

        return null;
    }

    private static SessionHead Add(SessionHead head, Entry entry, ChildKind kind)
    {
        var children = head.Children.ToList();
        var closed = children.Count(child => !child.IsOpen);
        if (closed >= Bounds.RememberedChildren) children.RemoveAt(children.FindIndex(child => !child.IsOpen));
        children.Add(new ChildAccount
        {
            Name = entry.Child!,
            Kind = kind,
            OpenedSequence = entry.Sequence,
            OpenedAt = entry.At,
            Carved = kind == ChildKind.Carved ? entry.Amount : Money.Zero,
            CarveNumber = entry.CarveNumber,
        });
        return head with { Children = children.ToArray(), ChildrenTotal = head.ChildrenTotal + 1 };
    }

    private static SessionHead Replace(SessionHead head, string name, Func<ChildAccount, ChildAccount> change)
    {
        var children = head.Children.ToArray();
        var index = Array.FindIndex(children, child => string.Equals(child.Name, name, StringComparison.Ordinal));
        if (index < 0) return head;
        children[index] = change(children[index]);
        return head with { Children = children };
    }
}
