using AgentBudget.Http.Requests;
using AgentBudget.Http.Responses;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Http;

/// <summary>One request that is under way, with the money that is set aside for it.</summary>
internal sealed class Attempt(BudgetedCall money, ModelCall call, HttpRequestMessage request, HttpContent content, ILogger logger)
{
    /// <summary>Puts the request back as it was, for whoever sends it again.</summary>
    public void Restore()
    {
        request.Content = content;
        SessionOfRequest.Unmark(request);
    }

    /// <summary>Nobody answered.</summary>
    public Task NotAnsweredAsync(Exception failure)
    {
        // A stream that never began can have used what its time allows.
        var seen = call is { IsStream: true, Body.IsBackground: false } ? new ResponseUsage() : null;
        return Settlement.RunAsync(() => money.FailAsync(failure, seen), logger);
    }

    /// <summary>The provider answered, or something between it and here did.</summary>
    public Task AnsweredAsync(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            var watchedAs =
                !IsStream(response) ? WatchedAs.Whole
                : call.Body.IsBackground ? WatchedAs.Background
                : WatchedAs.Stream;
            var watch = new ResponseWatch(response.Content, money, call.Origin, watchedAs, logger);
            response.Content = new WatchedContent(response.Content, watch);
            return Task.CompletedTask;
        }

        var error = new HttpRequestException(
            $"The call was answered with {(int)response.StatusCode}.",
            inner: null,
            statusCode: response.StatusCode
        );
        var isAnswered = FailedCalls.Default(error) == FailedCall.Release;
        return Settlement.RunAsync(isAnswered ? money.ReleaseAsync : () => money.FailAsync(error), logger);
    }

    private bool IsStream(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType switch
        {
            "text/event-stream" or "application/vnd.amazon.eventstream" => true,
            _ => call.IsStream,
        };
}
