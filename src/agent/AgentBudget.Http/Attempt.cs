using AgentBudget.Client.Calls;
using AgentBudget.Client.Sessions;
using AgentBudget.Http.Requests;
using AgentBudget.Http.Responses;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Http;

/// <summary>One request that is under way, with the money that is set aside for it.</summary>
/// <param name="money">The money.</param>
/// <param name="wrapped">The call that the program has wrapped around it, where that has other money; null for none.</param>
/// <param name="call">The call.</param>
/// <param name="request">The request, which carries what is sent.</param>
/// <param name="content">Its content as it came.</param>
/// <param name="body">The bytes of that, in memory that is lent, and given back when it is restored.</param>
/// <param name="logger">Told what could not be settled.</param>
internal sealed class Attempt(
    BudgetedCall money,
    CallAttempts? wrapped,
    ModelCall call,
    HttpRequestMessage request,
    HttpContent content,
    ArraySegment<byte> body,
    ILogger logger
)
{
    private const string Encodings = "Accept-Encoding";

    private bool asksForUsage = call.WantsUsage && !UsageRefusals.Knows(request.RequestUri!);

    private readonly string[]? encodings = request.Headers.NonValidated.TryGetValues(Encodings, out var values) ? [.. values] : null;
    private ArraySegment<byte> lent = body;
    private bool isSentAgain;

    /// <summary>Gives the request the body with which it is to be sent.</summary>
    public void Rewrite()
    {
        // What comes packed cannot be read on its way; a handler below that unpacks asks for it by itself.
        if (encodings is not null)
            request.Headers.Remove(Encodings);
        var writer = new BodyWriter(lent);
        call.Rewrite(writer, call.IsBeyond(money) ? money.MaxOutputTokens ?? call.LeastOutput : null, asksForUsage);
        request.Content =
            writer.HasEdits && !RequestContent.IsSigned(request.Headers) ? RequestContent.With(content, writer.Write()) : content;
    }

    /// <summary>Whether it is to be sent once more, as its caller wrote it: what was refused is what was added to it.</summary>
    public async Task<bool> IsToBeSentAgainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!asksForUsage || !await UsageRefusals.IsItAsync(response, cancellationToken))
            return false;
        (asksForUsage, isSentAgain) = (false, true);
        response.Dispose();
        Rewrite();
        return true;
    }

    /// <summary>Puts the request back as it was, for whoever sends it again.</summary>
    public void Restore()
    {
        request.Content = content;
        if (encodings is not null)
            request.Headers.TryAddWithoutValidation(Encodings, encodings);
        SessionOfRequest.Unmark(request);
        RequestContent.GiveBack(lent);
        lent = default;
    }

    /// <summary>Nobody answered.</summary>
    public ValueTask NotAnsweredAsync(Exception failure)
    {
        // A stream that never began can have used what its time allows.
        var seen = call is { IsStream: true, Body.IsBackground: false } ? new ResponseUsage() : null;
        return Settlement.WaitAsync(money.FailAsync(failure, seen), logger);
    }

    /// <summary>The provider answered, or something between it and here did.</summary>
    public ValueTask AnsweredAsync(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            // An error can quote what was sent: that it was about this is known when the request passes without it.
            if (isSentAgain && UsageRefusals.Remember(request.RequestUri!))
                HttpLog.UsageRefused(logger);
            var watchedAs =
                !IsStream(response) ? WatchedAs.Whole
                : call.Body.IsBackground ? WatchedAs.Background
                : WatchedAs.Stream;
            var watch = new ResponseWatch(response.Content, money, wrapped, call.Origin, watchedAs, logger);
            response.Content = new WatchedContent(response.Content, watch);
            return ValueTask.CompletedTask;
        }

        var error = new HttpRequestException(
            $"The call was answered with {(int)response.StatusCode}.",
            inner: null,
            statusCode: response.StatusCode
        );
        var isAnswered = FailedCalls.Default(error) == FailedCall.Release;
        return Settlement.WaitAsync(isAnswered ? (Task)money.ReleaseAsync() : money.FailAsync(error), logger);
    }

    private bool IsStream(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType switch
        {
            "text/event-stream" or "application/vnd.amazon.eventstream" => true,
            _ => call.IsStream,
        };
}
