namespace AgentBudget;

/// <summary>What becomes of the money set aside for a call that failed.</summary>
public enum FailedCall
{
    /// <summary>It goes back: the provider cannot have billed.</summary>
    Release = 0,

    /// <summary>All of it counts as spent: the provider may have billed, and nobody knows how much.</summary>
    SettleReserved = 1,
}

/// <summary>Decides what becomes of the money set aside for a call that failed.</summary>
public static class FailedCalls
{
    /// <summary>
    /// The shipped policy. A time-out, a cancellation, a broken connection or a server error (5xx) leaves it open whether the call was
    /// billed, so it counts as spent. Everything else, a refused request (4xx) and an error of the caller's own code among it, gives
    /// the money back.
    /// </summary>
    public static FailedCall Default(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: { } status } => (int)status >= 500 ? FailedCall.SettleReserved : FailedCall.Release,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError } => FailedCall.Release,
        HttpRequestException or IOException or TimeoutException or OperationCanceledException => FailedCall.SettleReserved,
        _ => FailedCall.Release,
    };
}
