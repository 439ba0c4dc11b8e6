namespace AgentBudget.Ledger.Tests;

/// <summary>The naive model's shared children. Carved ones are tried in the simulation, where there are several ledgers.</summary>
internal sealed class NaiveChildren(NaiveSession session)
{
    private Picture Now => session.Now;

    public Expected Do(SessionCommand command) =>
        command switch
        {
            OpenSharedChildCommand open => OpenShared(open),
            CloseSharedChildCommand close => CloseShared(close),
            _ => throw new NotSupportedException(),
        };

    private Expected OpenShared(OpenSharedChildCommand command)
    {
        if (Now.End != EndReason.None)
            return session.Refuse(RefusalReason.SessionEnded);
        var opened = First(EntryKind.ChildOpened, command.Child);
        if (opened is null)
            return session.Happens(
                new Happening
                {
                    Kind = EntryKind.ChildOpened,
                    Child = command.Child,
                    Intent = command,
                }
            );
        return First(EntryKind.ChildClosed, command.Child) is null
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

    private Happening? First(EntryKind kind, string name) => session.Facts.FirstOrDefault(fact => fact.Kind == kind && fact.Child == name);
}
