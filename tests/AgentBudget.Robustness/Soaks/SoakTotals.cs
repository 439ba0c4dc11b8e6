namespace AgentBudget.Robustness.Soaks;

/// <summary>What a client of a soak counted since it began: it says all of it again and again, so that nothing is lost between.</summary>
public sealed record SoakTotals
{
    /// <summary>Charges whose time had come.</summary>
    public long Due { get; init; }

    /// <summary>Those of them that were sent.</summary>
    public long Sent { get; init; }

    /// <summary>Charges that were granted.</summary>
    public long Acknowledged { get; init; }

    /// <summary>Calls that ended in an exception or a refusal, those that went well when they were sent again among them.</summary>
    public long Errors { get; init; }

    /// <summary>Charges whose outcome stayed unknown.</summary>
    public long Unknown { get; init; }

    /// <summary>The sum of what the granted charges cost, in nano-dollars.</summary>
    public long AcknowledgedNanoDollars { get; init; }

    /// <summary>How long each granted charge took from the time it should have been sent at, as a histogram's pairs.</summary>
    public IReadOnlyList<long> Waits { get; init; } = [];

    /// <summary>The first error.</summary>
    public string? FirstError { get; init; }

    /// <summary>The sums over several clients.</summary>
    public static SoakTotals Sum(IEnumerable<SoakTotals> clients)
    {
        var waits = new WaitHistogram();
        var sum = new SoakTotals();
        foreach (var client in clients)
        {
            waits.Add(WaitHistogram.Of(client.Waits));
            sum = new SoakTotals
            {
                Due = sum.Due + client.Due,
                Sent = sum.Sent + client.Sent,
                Acknowledged = sum.Acknowledged + client.Acknowledged,
                Errors = sum.Errors + client.Errors,
                Unknown = sum.Unknown + client.Unknown,
                AcknowledgedNanoDollars = checked(sum.AcknowledgedNanoDollars + client.AcknowledgedNanoDollars),
                FirstError = sum.FirstError ?? client.FirstError,
            };
        }

        return sum with
        {
            Waits = waits.ToPairs(),
        };
    }
}
