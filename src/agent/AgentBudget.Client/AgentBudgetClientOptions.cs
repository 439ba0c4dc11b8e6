namespace AgentBudget;

/// <summary>How a client talks to the ledger.</summary>
public sealed class AgentBudgetClientOptions
{
    /// <summary>
    /// The user's prices over the embedded table: a file or folder that is followed, single models, names, tools. Default: none. Files
    /// that are not valid keep a start from succeeding, and are told in the log and left alone later.
    /// </summary>
    public LivePricesOptions Prices { get; set; } = new();

    /// <summary>A source of prices to use in place of <see cref="Prices"/>, such as a <see cref="PriceBook"/>. Default: none.</summary>
    public IPriceBookSource? PriceSource { get; set; }

    /// <summary>Prices of tools by name, in place of those of <see cref="Prices"/>. Default: none.</summary>
    public Func<ToolCosts>? Tools { get; set; }

    /// <summary>What the policies for unknown models work with; the policy itself is the session's. Default: nothing is free.</summary>
    public UnknownModelRules UnknownModels { get; set; } = new();

    /// <summary>How long an operation whose outcome is unknown is sent again, always with the same key; one that waits for money, from
    /// when the ledger first failed it. Default 20 seconds; up to 10 minutes.</summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a call waits for money that is set aside for other calls, in the session's line: first come first served, woken by what
    /// comes back. A call that is given up while it waits is not made; money that was granted meanwhile goes back. Default 30 seconds; zero
    /// for a refusal at once; up to 1 hour.
    /// </summary>
    public TimeSpan WaitForMoney { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reservation lives. Default 15 minutes; 1 second to 24 hours.</summary>
    public TimeSpan ReservationTimeToLive { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// For how long a call that is under way is prolonged by itself, each time that half of its time to live has passed; after that, its
    /// reservation expires. Default 24 hours; zero for never; up to 7 days.
    /// </summary>
    public TimeSpan ExtendFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// What becomes of the money set aside for a call that failed. Default: <see cref="FailedCalls.Default"/>. If it throws, or
    /// does not come back within 30 seconds, that is logged, and all of the money counts as spent; the caller gets the call's own
    /// exception.
    /// </summary>
    public Func<Exception, FailedCall> OnFailedCall { get; set; } = FailedCalls.Default;

    /// <summary>
    /// How many tokens a model can generate in a second, for the most that a stream can have used until its provider noticed that it was
    /// cut, where the price table does not state it for the provider. Default 3,000; 1 to 1,000,000.
    /// </summary>
    public long StreamTokensPerSecond { get; set; } = 3_000;

    /// <summary>
    /// What a stream counts as that was cut before its provider said what it used, always marked <see cref="CostSource.Estimated"/> where
    /// that is less than what was set aside. Default: <see cref="CutStreams.MostPossible"/>.
    /// </summary>
    public CutStreams CutStreams { get; set; } = CutStreams.MostPossible;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        Given(Prices, nameof(Prices));
        Prices.Validate();
        if (PriceSource is not null && Prices.HasLayers)
            throw new ArgumentException("Prices and PriceSource are both set; the source would hide the prices. Leave one out.");
        Given(OnFailedCall, nameof(OnFailedCall));
        Given(UnknownModels, nameof(UnknownModels));
        UnknownModels.Validate();
        if (RetryFor < TimeSpan.Zero || RetryFor > TimeSpan.FromMinutes(10))
            throw new ArgumentException("RetryFor must be from zero to 10 minutes.");
        if (WaitForMoney < TimeSpan.Zero || WaitForMoney > TimeSpan.FromHours(1))
            throw new ArgumentException("WaitForMoney must be from zero to 1 hour.");
        if (ExtendFor < TimeSpan.Zero || ExtendFor > TimeSpan.FromDays(7))
            throw new ArgumentException("ExtendFor must be from zero to 7 days.");
        if (StreamTokensPerSecond is < 1 or > StreamCut.MaxTokensPerSecond)
            throw new ArgumentException($"StreamTokensPerSecond must be from 1 to {StreamCut.MaxTokensPerSecond}.");
        if (!Enum.IsDefined(CutStreams))
            throw new ArgumentException("CutStreams must be MostPossible or SeenText.");
        var (least, most) = Bounds.ReservationTimeToLive;
        if (ReservationTimeToLive < least || ReservationTimeToLive > most)
            throw new ArgumentException($"ReservationTimeToLive must be from {least} to {most}.");
    }

    private static void Given(object? value, string name)
    {
        if (value is null)
            throw new ArgumentException($"{name} is null; leave it out for the default.");
    }
}
