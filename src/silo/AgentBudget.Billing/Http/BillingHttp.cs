using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace AgentBudget.Billing.Http;

/// <summary>
/// The client that billing systems are reached with: no redirect is followed and no cookie kept, nothing is logged, an attempt has an end,
/// and what fails in passing is tried twice more at once. What fails for longer, or asks for longer, is the plan's to try again.
/// </summary>
internal static class BillingHttp
{
    /// <summary>The client's name in the factory.</summary>
    public const string ClientName = "AgentBudget.Billing";

    private const int MoreAttempts = 2;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Marks a request of which an attempt was not answered: nobody knows whether it was taken.</summary>
    private static readonly HttpRequestOptionsKey<bool> Unanswered = new("AgentBudget.Billing.Unanswered");

    /// <summary>Adds the client to a program's services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="timeOf">The clock.</param>
    /// <param name="timeout">How long an answer is waited for.</param>
    public static void Add(
        IServiceCollection services,
        Func<IServiceProvider, TimeProvider> timeOf,
        Func<IServiceProvider, TimeSpan> timeout
    )
    {
        var client = services
            .AddHttpClient(ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                }
            )
            // What stands in addresses and headers is nobody's to read.
            .RemoveAllLoggers();
        client.AddResilienceHandler(
            ClientName,
            (pipeline, context) =>
            {
                pipeline.TimeProvider = timeOf(context.ServiceProvider);
                pipeline.AddRetry(Retries()).AddTimeout(timeout(context.ServiceProvider));
            }
        );
    }

    /// <summary>Whether an attempt of a request was not answered.</summary>
    public static bool HadNoAnswer(HttpRequestMessage request) => request.Options.TryGetValue(Unanswered, out var had) && had;

    private static HttpRetryStrategyOptions Retries() =>
        new()
        {
            MaxRetryAttempts = MoreAttempts,
            Delay = FirstDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = tried => new(HttpClientResiliencePredicates.IsTransient(tried.Outcome) && !AsksForLonger(tried.Outcome.Result)),
            OnRetry = retried =>
            {
                if (MayBeTaken(retried.Outcome.Result, retried.Outcome.Exception))
                    retried.Context.GetRequestMessage()?.Options.Set(Unanswered, true);
                return ValueTask.CompletedTask;
            },
        };

    /// <summary>Whether a request may have been done although it is not answered as done: an error of the server may come from
    /// behind it, and a connection that broke may have carried it.</summary>
    public static bool MayBeTaken(HttpResponseMessage? response, Exception? exception) =>
        response is null
            ? exception is not HttpRequestException { HttpRequestError: var error } || !IsBeforeSending(error)
            : response.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout;

    private static bool IsBeforeSending(HttpRequestError error) =>
        error is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;

    private static bool AsksForLonger(HttpResponseMessage? response)
    {
        var asked = response?.Headers.RetryAfter;
        // A date is far enough away to be somebody else's to wait for.
        return asked is not null && (asked.Date is not null || asked.Delta > LongestRetryAfter);
    }
}
