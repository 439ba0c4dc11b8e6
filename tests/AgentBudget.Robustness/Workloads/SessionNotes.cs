namespace AgentBudget.Robustness.Workloads;

/// <summary>What one client knows of one session, from its own answers alone. Used by one worker at a time, under its lock.</summary>
internal sealed class SessionNotes(string id, int index)
{
    private const int Remembered = 24;

    /// <summary>The session.</summary>
    public string Id => id;

    /// <summary>Its number; below zero for a carved child.</summary>
    public int Index => index;

    public Lock Gate { get; } = new();

    /// <summary>Whether this client has opened it, or made sure that it is open.</summary>
    public bool IsOpened { get; set; } = index < 0;

    /// <summary>Whether it has ended as far as this client knows.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Whether it was carved from another session.</summary>
    public bool IsChild => index < 0;

    /// <summary>Reservations granted to this client that it has not ended.</summary>
    public List<(long Id, Money Amount)> Open { get; } = [];

    /// <summary>Reservations that were given back or will have expired: settling them is late.</summary>
    public List<(long Id, Money Amount)> Past { get; } = [];

    /// <summary>Entries of costs, to correct.</summary>
    public List<(long Sequence, Money Amount)> Costs { get; } = [];

    /// <summary>Shared children that this client opened.</summary>
    public List<string> Shared { get; } = [];

    /// <summary>How many children this client has carved from it.</summary>
    public int Carved { get; set; }

    /// <summary>Commands that this client has sent and had answered.</summary>
    public List<SessionCommand> Answered { get; } = [];

    /// <summary>Learns from an answer.</summary>
    public void Learn(SessionCommand command, SessionAnswer answer)
    {
        lock (Gate)
        {
            IsEnded |= answer.Standing.IsEnded;
            if (!answer.IsGranted)
                return;
            if (command.Key is not null)
                Keep(Answered, command);
            switch (command)
            {
                case OpenCommand:
                    IsOpened = true;
                    break;
                case ReserveCommand reserve:
                    Keep(reserve.TimeToLive < TimeSpan.FromSeconds(10) ? Past : Open, (answer.ReservationId, answer.Amount));
                    if (reserve.TimeToLive < TimeSpan.FromSeconds(10))
                        Keep(Open, (answer.ReservationId, answer.Amount));
                    break;
                case SettleCommand or ChargeCommand:
                    Keep(Costs, (answer.EntrySequence, answer.Amount));
                    break;
                case ReleaseCommand release:
                    Keep(Past, (release.ReservationId, answer.Amount));
                    break;
                case OpenSharedChildCommand open:
                    Keep(Shared, open.Child);
                    break;
            }
        }
    }

    private static void Keep<T>(List<T> list, T value)
    {
        if (list.Count >= Remembered)
            list.RemoveAt(0);
        list.Add(value);
    }
}
