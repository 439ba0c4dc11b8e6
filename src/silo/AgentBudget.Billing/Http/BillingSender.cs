using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace AgentBudget.Billing.Http;

/// <summary>Sends requests to one billing system. Its key stands in a header and nowhere else: not in what is said of an answer,
/// either.</summary>
/// <param name="makeClient">Makes a client: the factory's, which knows when a name leads elsewhere.</param>
/// <param name="address">Where the system is.</param>
/// <param name="key">Its key; null for none.</param>
/// <param name="time">The clock.</param>
internal sealed class BillingSender(Func<HttpClient> makeClient, Uri address, string? key, TimeProvider time)
{
    private const int MostBodyBytes = 4 * 1024 * 1024;

    // Of all attempts, and of the body, which may not come to its end.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Sends a request, and says what was answered; throws only when it is given up from outside.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, below the address.</param>
    /// <param name="content">The body; null for none.</param>
    /// <param name="headers">More headers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HttpReply> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        IReadOnlyDictionary<string, string>? headers,
        CancellationToken cancellationToken
    )
    {
        using var client = makeClient();
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("AgentBudget-Billing", "1"));
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
            request.Headers.Add(name, value);
        using var limit = new CancellationTokenSource(Longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var (body, isCut) = await ReadAsync(response, both.Token);
            var mayBeTaken = BillingHttp.HadNoAnswer(request) || BillingHttp.MayBeTaken(response, null);
            return new HttpReply((int)response.StatusCode, WithoutKey(body), AskedFor(response), mayBeTaken) { IsCut = isCut };
        }
        catch (Exception exception) when (IsOfTheWay(exception) && !cancellationToken.IsCancellationRequested)
        {
            return HttpReply.None(Explain(exception), BillingHttp.MayBeTaken(null, exception) || BillingHttp.HadNoAnswer(request));
        }
    }

    private static bool IsOfTheWay(Exception exception) =>
        exception
            is HttpRequestException
                or TimeoutRejectedException
                or BrokenCircuitException
                or IOException
                or OperationCanceledException;

    // Nothing of what the operating system says: it may tell of the operator's network.
    private static string Explain(Exception exception) =>
        exception switch
        {
            TimeoutRejectedException or OperationCanceledException => "no answer in time",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name is not known",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
            _ => "the connection broke before an answer came",
        };

    private static async Task<(string Body, bool IsCut)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            var fits = (int)Math.Min(count, MostBodyBytes - body.Length);
            body.Write(buffer, 0, fits);
            if (fits < count)
                return (Text(body), true);
        }

        return (Text(body), false);
    }

    private static string Text(MemoryStream body) => Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);

    private string WithoutKey(string body) => key is null ? body : body.Replace(key, "…", StringComparison.Ordinal);

    private TimeSpan? AskedFor(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return null;
        var header = response.Headers.RetryAfter;
        var asked = header?.Delta ?? header?.Date - time.GetUtcNow();
        return asked > TimeSpan.Zero ? asked : null;
    }
}
