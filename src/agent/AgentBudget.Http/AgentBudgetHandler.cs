using AgentBudget.Http;
using AgentBudget.Http.Responses;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget;

/// <summary>
/// Puts a budget under whatever sends calls to models by <see cref="HttpClient"/>. Money is set aside before a request goes out, for each
/// attempt by itself; the request's cap is lowered to what was granted; and the call is settled off the wire, when the response has said
/// what it used and before its last bytes are handed on. A call that the budget does not pay for is not made: the session's own exception
/// is thrown, which neither SDKs nor resilience handlers take for a failure to try again. Everything that is no call to a model passes.
/// </summary>
/// <remarks>
/// It belongs nearest to the wire, below whatever sends again. It buffers nothing of a response and holds up its last piece alone. An
/// error that the provider answered is given back; no answer, and a cut, end as
/// <see cref="AgentBudgetClientOptions.OnFailedCall"/> and <see cref="AgentBudgetClientOptions.CutStreams"/> say.
/// </remarks>
public sealed class AgentBudgetHandler : DelegatingHandler
{
    private readonly WireBudget budget;

    /// <summary>A handler whose calls one session pays for.</summary>
    /// <param name="session">The session, unless a request names another.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="logger">Told what could not be settled; null for nobody.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AgentBudgetHandler(BudgetSession session, AgentBudgetHttpOptions? options = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        budget = new WireBudget(session, null, Valid(options), new QuietLogger(logger ?? NullLogger.Instance));
    }

    /// <summary>A handler that finds the session for each request: the one that the request names, else the one that is found here, else
    /// <see cref="BudgetSession.Current"/>.</summary>
    /// <param name="findSession">Finds the session; null where there is none.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="logger">Told of calls that no session pays for, once; null for nobody.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AgentBudgetHandler(
        Func<HttpRequestMessage, BudgetSession?> findSession,
        AgentBudgetHttpOptions? options = null,
        ILogger? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(findSession);
        budget = new WireBudget(null, findSession, Valid(options), new QuietLogger(logger ?? NullLogger.Instance));
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await budget.PrepareAsync(request, cancellationToken) is not { } attempt)
        {
            var passed = await base.SendAsync(request, cancellationToken);
            budget.Passed(request, passed);
            return passed;
        }

        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            if (await attempt.IsToBeSentAgainAsync(response, cancellationToken))
                response = await base.SendAsync(request, cancellationToken);
        }
        catch (Exception exception)
        {
            await attempt.NotAnsweredAsync(exception);
            throw;
        }
        finally
        {
            attempt.Restore();
        }

        await attempt.AnsweredAsync(response);
        return response;
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Blocking.Wait(() => budget.PrepareAsync(request, cancellationToken).AsTask()) is not { } attempt)
        {
            var passed = base.Send(request, cancellationToken);
            budget.Passed(request, passed);
            return passed;
        }

        HttpResponseMessage response;
        try
        {
            response = base.Send(request, cancellationToken);
            if (Blocking.Wait(() => attempt.IsToBeSentAgainAsync(response, cancellationToken)))
                response = base.Send(request, cancellationToken);
        }
        catch (Exception exception)
        {
            Blocking.Wait(() => attempt.NotAnsweredAsync(exception).AsTask());
            throw;
        }
        finally
        {
            attempt.Restore();
        }

        Blocking.Wait(() => attempt.AnsweredAsync(response).AsTask());
        return response;
    }

    private static AgentBudgetHttpOptions Valid(AgentBudgetHttpOptions? options)
    {
        options ??= new AgentBudgetHttpOptions();
        options.Validate();
        return options;
    }
}
