namespace AgentBudget.Webhooks.Sending;

/// <summary>What is posted: a CloudEvent in JSON. The same bytes with each attempt.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Ledger">The ledger that it is of: posts of one are in order.</param>
/// <param name="Body">The JSON.</param>
internal sealed record Post(string Id, string Type, string Ledger, string Body);

/// <summary>What came of an attempt.</summary>
/// <param name="Status">The status that was answered; 0 for none.</param>
/// <param name="Problem">What went wrong; null where the post was taken.</param>
/// <param name="Took">How long it took.</param>
/// <param name="RetryAfter">How long the endpoint asks to be given; null where it does not.</param>
internal sealed record PostOutcome(int Status, string? Problem, TimeSpan Took, TimeSpan? RetryAfter = null)
{
    private const int Gone = 410;

    /// <summary>Whether the post was taken.</summary>
    public bool IsAccepted => Problem is null;

    /// <summary>Whether the endpoint says that it is no more.</summary>
    public bool IsGone => Status == Gone;
}
