namespace AgentBudget.Ledger.Tests;

/// <summary>The naive model's shared and carved children, seen from the parent.</summary>
internal sealed class NaiveChildren(NaiveSession session)
{
    private Picture Now => session.Now;

    public Expected Do(SessionCommand command) =>
        command switch
        {
            OpenSharedChildCommand open => OpenShared(open),
            CloseSharedChildCommand close => CloseShared(close),
            CarveCommand carve => Carve(carve),
            ReturnCarveCommand back => Return(back),
            _ => throw new NotSupportedException(),
        };

    private Expected OpenShared(OpenSharedChildCommand command)
    {
        if (Now.End != EndReason.None)
            return session.Refuse(RefusalReason.SessionEnded);
        if (!IsTaken(command.Child))
            return session.Happens(
                new Happening
                {
                    Kind = EntryKind.ChildOpened,
                    Child = command.Child,
                    Intent = command,
                }
            );
        var opened = First(EntryKind.ChildOpened, command.Child);
        return opened is not null && First(EntryKind.ChildClosed, command.Child) is null
            ? session.AsItIs(opened.Number)
            : session.Refuse(RefusalReason.AlreadyOpen);
    }

    private Expected CloseShared(CloseSharedChildCommand command)
    {
        if (First(EntryKind.ChildOpened, command.Child) is null)
            return session.Refuse(RefusalReason.ChildUnknown);
        if (First(EntryKind.ChildClosed, command.Child) is not null)
            return session.AsItIs();
        session.ReleaseAll(command.Child);
        return session.Happens(
            new Happening
            {
                Kind = EntryKind.ChildClosed,
                Child = command.Child,
                Intent = command,
            }
        );
    }

    private Expected Carve(CarveCommand command)
    {
        if (Now.End != EndReason.None)
            return session.Refuse(RefusalReason.SessionEnded);
        var earlier = Now.OpenCarves.Where(fact => fact.Child == command.Child).ToList();
        if (command.IsTopUp && earlier.Count == 0)
            return session.Refuse(RefusalReason.ChildUnknown);
        if (!command.IsTopUp && IsTaken(command.Child))
            return session.Refuse(RefusalReason.AlreadyOpen);
        var money = new NaiveMoney(session);
        if (money.Held(isFinal: false) is var held && held != RefusalReason.None)
            return session.Refuse(held);
        var (reason, _) = money.Judge(command.Amount.NanoDollars, least: null, isFinal: false);
        if (reason != RefusalReason.None)
            return session.Refuse(reason, retry: reason == RefusalReason.InsufficientNow);
        return session.Happens(
            new Happening
            {
                Kind = EntryKind.Carved,
                Amount = command.Amount.NanoDollars,
                About = earlier.FirstOrDefault()?.Number ?? 0,
                Child = command.Child,
                CarveNumber = earlier.Count + 1,
                Intent = command,
            }
        );
    }

    private Expected Return(ReturnCarveCommand command)
    {
        var first = session.Facts.FirstOrDefault(fact =>
            fact.Kind == EntryKind.Carved && fact.Number == command.CarveId && fact.CarveNumber == 1
        );
        if (first is null || first.Child != command.Child)
            return session.Refuse(RefusalReason.ChildUnknown);
        if (First(EntryKind.CarveReturned, command.Child) is not null)
            return session.AsItIs();
        return session.Happens(
            session.WithConsequences(
                new Happening
                {
                    Kind = EntryKind.CarveReturned,
                    Amount = command.Spent.NanoDollars,
                    Asked = Now.OpenCarves.Where(fact => fact.Child == command.Child).Sum(fact => fact.Amount),
                    About = first.Number,
                    Child = command.Child,
                    Intent = command,
                }
            )
        );
    }

    private bool IsTaken(string name) => (First(EntryKind.ChildOpened, name) ?? First(EntryKind.Carved, name)) is not null;

    private Happening? First(EntryKind kind, string name) => session.Facts.FirstOrDefault(fact => fact.Kind == kind && fact.Child == name);
}
