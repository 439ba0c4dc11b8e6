using AgentBudget.Ledger;
using AgentBudget.Pricing;

namespace AgentBudget.Client;

/// <summary>How a client talks to the ledger.</summary>
public sealed class AgentBudgetClientOptions
{
    /// <summary>The prices. Default: the embedded price book; <see cref="LivePrices"/> follows the user's files.</summary>
    public IPriceBookSource Prices { get; set; } = PriceBook.Embedded;

    /// <summary>What the policies for unknown models work with; the policy itself is the session's. Default: nothing is free.</summary>
    public UnknownModelRules UnknownModels { get; set; } = UnknownModelRules.None;

    /// <summary>Prices of tools by name. Default: none; with <see cref="LivePrices"/> give <c>() =&gt; prices.Tools</c>.</summary>
    public Func<ToolCosts> Tools { get; set; } = () => ToolCosts.None;

    /// <summary>How long an operation whose outcome is unknown is sent again, always with the same key. Default 20 seconds; up to 10 minutes.</summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a call waits for money that is set aside for other calls. Default zero: it is refused at once; up to 1 hour.
    /// </summary>
    public TimeSpan WaitForMoney { get; set; } = TimeSpan.Zero;

    /// <summary>How long a reservation lives. Default 15 minutes; 1 second to 24 hours.</summary>
    public TimeSpan ReservationTimeToLive { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// What becomes of the money set aside for a call that failed. Default: <see cref="FailedCalls.Default"/>. If it throws, that is logged, and
    /// all of the money counts as spent; the caller gets the call's own exception.
    /// </summary>
    public Func<Exception, FailedCall> OnFailedCall { get; set; } = FailedCalls.Default;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Prices);
        ArgumentNullException.ThrowIfNull(OnFailedCall);
        ArgumentNullException.ThrowIfNull(Tools);
        ArgumentNullException.ThrowIfNull(UnknownModels);
        UnknownModels.Validate();
        if (RetryFor < TimeSpan.Zero || RetryFor > TimeSpan.FromMinutes(10)) throw new ArgumentException("RetryFor must be from zero to 10 minutes.");
        if (WaitForMoney < TimeSpan.Zero || WaitForMoney > TimeSpan.FromHours(1)) throw new ArgumentException("WaitForMoney must be from zero to 1 hour.");
        var (least, most) = Bounds.ReservationTimeToLive;
        if (ReservationTimeToLive < least || ReservationTimeToLive > most)
            throw new ArgumentException($"ReservationTimeToLive must be from {least} to {most}.");
    }
}
