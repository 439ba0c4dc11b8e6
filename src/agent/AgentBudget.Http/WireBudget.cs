using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using AgentBudget.Client.Calls;
using AgentBudget.Http.Requests;
using AgentBudget.Http.Responses;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Http;

/// <summary>Tells calls to models from other requests, and sets money aside for them.</summary>
internal sealed class WireBudget(
    BudgetSession? fixedSession,
    Func<HttpRequestMessage, BudgetSession?>? findSession,
    AgentBudgetHttpOptions options,
    ILogger logger
)
{
    private int saidNoSession;
    private int saidNotRead;

    /// <summary>Sets money aside for a request that is a call to a model, and lowers its cap to what was granted.</summary>
    /// <returns>The attempt; null for a request that passes as it is.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Attempt?> PrepareAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!IsCallToAModel(request, out var content, out var kind, out var origin))
            return null;
        var open = BudgetedCall.Current;
        if (FindSession(request, open) is not { } session)
        {
            PassWithoutSession();
            return null;
        }

        var boundary = BoundaryOf(content, kind);
        var bytes =
            boundary is not null || RequestContent.CanBeJson(content)
                ? await RequestContent.ReadAsync(content, options.MaxRequestBytes, cancellationToken)
                : default;
        if (Read(request, kind, origin, bytes, boundary) is not { } call)
        {
            RequestContent.GiveBack(bytes);
            return null;
        }

        // What a program has wrapped is charged once: its first request has the money that is set aside for it already.
        var isTaken = open is not null && IsFor(open, session) && open.TryTake(call.Origin.Provider, call.Model);
        // What is sent again of a session's last call is its last call.
        var isFinal = open is { IsFinal: true } && IsFor(open, session);
        var money = isTaken ? open! : await ReserveAsync(session, call, isFinal, cancellationToken);
        if (!isTaken)
            money.KeepOutOfReach();
        call.Body.GiveTextBack();
        try
        {
            var attempt = new Attempt(money, isTaken ? null : open?.Attempts, call, request, content, bytes, logger);
            attempt.Rewrite();
            SessionOfRequest.MarkPaidFor(request);
            return attempt;
        }
        catch
        {
            await money.ReleaseAsync();
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<BudgetedCall> ReserveAsync(
        BudgetSession session,
        ModelCall call,
        bool isFinal,
        CancellationToken cancellationToken
    )
    {
        var reserve = new ReserveOptions { LeastOutputTokens = call.CanClamp ? call.LeastOutput : null, IsFinal = isFinal };
        try
        {
            return await session.SetAsideAsync(call.Estimate(TokenEstimator.Shared), reserve, cancellationToken);
        }
        catch (UnpricedCallException exception) when (exception.Problem is PriceProblem.OutputCapUnknown or PriceProblem.UnpricedUnit)
        {
            return await session.SetAsideAsync(call.Estimate(TokenEstimator.Shared, isSecond: true), reserve, cancellationToken);
        }
    }

    /// <summary>Looks at the answer to a request that passed: it may tell what a call in the background has cost.</summary>
    public void Passed(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode || request.RequestUri is not { } address)
            return;
        if (BackgroundCalls.Find(request.Method, address) is not { } id || !PendingCalls.TryFind(id, out var money))
            return;
        if (request.Method == HttpMethod.Delete)
        {
            // Nobody can ask for it any more.
            PendingCalls.Take(id);
            _ = Settlement.WaitAsync(money.SettleAsync(ActualCost.NotSaid), logger).AsTask();
            return;
        }

        var watch = new ResponseWatch(response.Content, money, wrapped: null, options.OriginOf(address), WatchedAs.Look, logger, id);
        response.Content = new WatchedContent(response.Content, watch);
    }

    private bool IsCallToAModel(
        HttpRequestMessage request,
        [NotNullWhen(true)] out HttpContent? content,
        out ModelApiKind kind,
        out ResponseOrigin origin
    )
    {
        (content, kind, origin) = (request.Content, default, default);
        if (content is null || request.Method != HttpMethod.Post || request.RequestUri is not { IsAbsoluteUri: true } address)
            return false;
        if (SessionOfRequest.IsMarked(request))
            return false;
        origin = options.OriginOf(address);
        if (ModelApi.Find(address, origin, takesAny: fixedSession is not null) is not { } found)
            return false;
        kind = found;
        return true;
    }

    // Who sends again what a program has wrapped spends the money of the same session.
    private BudgetSession? FindSession(HttpRequestMessage request, BudgetedCall? open) =>
        SessionOfRequest.Find(request) ?? open?.Session ?? fixedSession ?? findSession?.Invoke(request) ?? BudgetSession.Current;

    private static bool IsFor(BudgetedCall open, BudgetSession session) =>
        open.Session.Id == session.Id && open.Session.Child == session.Child;

    private ModelCall? Read(
        HttpRequestMessage request,
        ModelApiKind kind,
        ResponseOrigin origin,
        ArraySegment<byte> bytes,
        string? boundary
    )
    {
        if (kind != ModelApiKind.Jobs && bytes.Array is not null && ReadBody(bytes, boundary, kind) is { } body)
        {
            var isSigned = RequestContent.IsSigned(request.Headers);
            var kept = KeptResponses.TokensOf(body.PreviousResponse);
            if (ModelCall.Of(kind, request.RequestUri!, origin, body, isSigned, options, kept) is { } call)
                return call;
        }

        // What is no call for a model that can be read, at a host that nobody knows, is none.
        if (kind == ModelApiKind.Other && origin.Provider is null)
            return null;
        if (
            kind
            is ModelApiKind.Other
                or ModelApiKind.Jobs
                or ModelApiKind.Pictures
                or ModelApiKind.Speech
                or ModelApiKind.Hearing
                or ModelApiKind.Vectors
                or ModelApiKind.Bedrock
        )
        {
            PassUnread();
            return null;
        }

        throw new UnreadableRequestException(
            "A call to a model has a body that is no JSON object, or names no model, so that nobody can say what it may cost. It was not "
                + "made."
        );
    }

    // Other forms are no calls to models, and can be large.
    private static string? BoundaryOf(HttpContent content, ModelApiKind kind) =>
        kind is ModelApiKind.Pictures or ModelApiKind.Hearing ? RequestContent.FormBoundary(content) : null;

    private static RequestBody? ReadBody(ArraySegment<byte> bytes, string? boundary, ModelApiKind kind) =>
        boundary is null ? BodyReader.TryRead(bytes) : FormReader.TryRead(bytes, boundary, kind);

    private void PassWithoutSession()
    {
        if (options.RequireSession)
            throw new NoBudgetSessionException(
                "A call to a model was not made, because no session pays for it: enter one (BudgetSession.Enter), or name it on the "
                    + "request (SetBudgetSession)."
            );
        HttpMetrics.CountUnbudgeted("no_session");
        if (Interlocked.Exchange(ref saidNoSession, 1) == 0)
            HttpLog.NoSession(logger);
    }

    private void PassUnread()
    {
        if (options.RequireSession)
            throw new NoBudgetSessionException(
                "A call to a provider of models was not made, because what it may cost cannot be read off its request (a batch, "
                    + "training, a film, a body that is packed or not known, no name of a model): no session can pay for it. Send it by a "
                    + "client without this handler, or without RequireSession."
            );
        HttpMetrics.CountUnbudgeted("not_read");
        if (Interlocked.Exchange(ref saidNotRead, 1) == 0)
            HttpLog.NotRead(logger);
    }
}
