using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using AgentBudget.Webhooks.Addresses;
using AgentBudget.Webhooks.Signing;

namespace AgentBudget.Webhooks.Sending;

/// <summary>
/// Posts, once: no redirect is followed, no proxy asked, no cookie kept. What is answered counts by its status alone. Each endpoint has one
/// of its own: among connections that are shared, the posts of one would wait for those of another at the same host, within their own
/// time-out.
/// </summary>
internal sealed class PostSender : IDisposable
{
    private const int MostHeaderKilobytes = 16;
    private const int MostDrainedBytes = 64 * 1024;

    private readonly HttpClient client;
    private readonly TimeProvider time;
    private readonly TimeSpan timeout;

    /// <param name="connections">Connects.</param>
    /// <param name="time">The time.</param>
    /// <param name="timeout">How long an answer is waited for.</param>
    /// <param name="atOnce">How many posts may be under way.</param>
    public PostSender(PinnedConnections connections, TimeProvider time, TimeSpan timeout, int atOnce)
    {
        (this.time, this.timeout) = (time, timeout);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = connections.ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = atOnce,
            MaxResponseHeadersLength = MostHeaderKilobytes,
            MaxResponseDrainSize = MostDrainedBytes,
            ResponseDrainTimeout = TimeSpan.FromSeconds(2),
            // A name that leads elsewhere by now is looked up again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            ActivityHeadersPropagator = null,
        };
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Posts, and says what came of it; throws only when it is given up from outside.</summary>
    public async Task<PostOutcome> SendAsync(Uri address, Post post, IReadOnlyList<byte[]> secrets, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = RequestOf(address, post, secrets);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return OutcomeOf(response, time.GetElapsedTime(began));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var problem = limit.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.#} seconds")
                : Explain(exception);
            return new PostOutcome(0, problem, time.GetElapsedTime(began));
        }
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage RequestOf(Uri address, Post post, IReadOnlyList<byte[]> secrets)
    {
        var body = Encoding.UTF8.GetBytes(post.Body);
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(EventPosts.MediaType, "utf-8");
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("AgentBudget-Webhooks", "1"));
        request.Headers.Add(PostSignature.IdHeader, post.Id);
        request.Headers.Add(PostSignature.TimestampHeader, seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(PostSignature.SignatureHeader, PostSignature.Sign(post.Id, seconds, body, secrets));
        return request;
    }

    private PostOutcome OutcomeOf(HttpResponseMessage response, TimeSpan took)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
            return new PostOutcome(status, null, took);
        var problem = status switch
        {
            >= 300 and < 400 => $"answered {status}: redirects are not followed",
            _ => $"answered {status}",
        };
        var mayAskForTime = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        return new PostOutcome(status, problem, took, mayAskForTime ? AskedFor(response.Headers.RetryAfter) : null);
    }

    private TimeSpan? AskedFor(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? header?.Date - time.GetUtcNow();
        return asked > TimeSpan.Zero ? asked : null;
    }

    // Nothing of what the operating system says: it may tell of the operator's network.
    private static string Explain(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RefusedAddressException refused:
                    return refused.Message;
                case AuthenticationException:
                    return "no secure connection: the certificate is not valid";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return "the endpoint's name is not known";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "the connection was refused";
            }
        }

        return exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
            ? "no connection"
            : "the connection broke before an answer came";
    }
}
