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
    /// The shipped policy. A time-out, a cancellation, a broken connection or a status that something between caller and provider gave
    /// (408,
    /// 499, 502, 504, 520 to 527) leaves it open whether the call was billed, so it counts as spent. Everything else, an error that the
    /// provider answered (4xx, 500, 503, 529) and an error of the caller's own code among it, gives the money back.
    /// </summary>
    public static FailedCall Default(Exception exception) =>
        exception switch
        {
            HttpRequestException { StatusCode: { } status } => (int)status is 408 or 499 or 502 or 504 or (>= 520 and <= 527)
                ? FailedCall.SettleReserved
                : FailedCall.Release,
            HttpRequestException
            {
                HttpRequestError: HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError
            } => FailedCall.Release,
            HttpRequestException or IOException or TimeoutException or OperationCanceledException => FailedCall.SettleReserved,
            _ => FailedCall.Release,
        };
}
