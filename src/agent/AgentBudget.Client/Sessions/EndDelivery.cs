using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>Brings the ends of a session's calls to the ledger, and says what became of that.</summary>
internal sealed class EndDelivery(ClientServices services, SessionLink link, EndsUnderWay underWay)
{
    private readonly EstimateWatch estimates = new();

    /// <summary>Whether the caller is the one who ends the call; it is under way from then on.</summary>
    public bool TryBegin(OpenCall call)
    {
        if (!call.TryBeginEnd())
            return false;
        underWay.Add(call);
        services.Keeper.Remove(call);
        return true;
    }

    /// <summary>Sends the end of a call that was begun.</summary>
    public async Task<SessionAnswer> SendAsync(OpenCall call, SessionCommand end)
    {
        SessionAnswer answer;
        try
        {
            answer = end switch
            {
                SettleCommand settle => await link.SettleAsync(settle),
                ReleaseCommand release => await link.SendUntoldAsync(release, link.Grain.ReleaseAsync, CancellationToken.None),
                _ => throw new NotSupportedException($"{end.GetType().Name} ends no call."),
            };
        }
        catch (Exception exception)
        {
            NotDelivered(call, end, exception);
            throw;
        }

        if (answer.Refusal is { } refusal)
            ClientLog.EndRefused(services.Logger, refusal.Reason);
        await DeliveredAsync(call, end, answer);
        return answer;
    }

    /// <summary>Sends an end again that did not arrive. Never throws.</summary>
    /// <returns>Why it has not arrived this time either; null where it has, or where somebody else sends it.</returns>
    public async Task<Exception?> SendAgainAsync(OpenCall call)
    {
        if (call.Undelivered is not { } end || !TryBegin(call))
            return null;
        try
        {
            await SendAsync(call, end);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>An end has arrived.</summary>
    public Task DeliveredAsync(OpenCall call, SessionCommand end, SessionAnswer answer)
    {
        call.EndedBy(
            !answer.IsGranted ? CallEnd.Open
                : end is SettleCommand ? CallEnd.Settled
                : CallEnd.Released,
            answer
        );
        underWay.Remove(call);
        link.See(answer);
        var told = link.TellAsync(answer);
        // What was settled whole, once or for each attempt, says nothing of the estimate.
        return
            end is SettleCommand { Call.Source: not CostSource.Reserved } settled
            && estimates.See(call.Call.Name, call.Requested, settled.Cost) is { } tooLow
            ? TellAsync(told, tooLow)
            : told;
    }

    private async Task TellAsync(Task told, UnderestimatedCalls tooLow)
    {
        await told;
        await link.TellUnderestimatedAsync(tooLow);
    }

    /// <summary>An end has not arrived; what was decided stands.</summary>
    public void NotDelivered(OpenCall call, SessionCommand end, Exception exception)
    {
        underWay.Remove(call);
        call.NotEnded(end with { IsKeyFresh = false }, exception);
    }
}
