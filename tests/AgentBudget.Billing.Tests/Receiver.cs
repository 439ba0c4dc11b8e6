using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Billing.Tests;

/// <summary>A request that a billing system was sent.</summary>
/// <param name="Line">Method and path.</param>
/// <param name="Headers">Its headers, by their names in small letters.</param>
/// <param name="Body">Its body.</param>
/// <param name="Number">Which it is, from 1 on.</param>
internal sealed record SentRequest(string Line, IReadOnlyDictionary<string, string> Headers, string Body, int Number)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The fields of a form.</summary>
    public IReadOnlyDictionary<string, string> Form =>
        Body.Split('&')
            .Select(one => one.Split('='))
            .ToDictionary(one => WebUtility.UrlDecode(one[0]), one => WebUtility.UrlDecode(one[1]));
}

/// <summary>A billing system on loopback.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<SentRequest> all = new();
    private readonly ConcurrentQueue<SentRequest> taken = new();
    private int count;

    private Receiver(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>What it was sent, in the order in which it came.</summary>
    public IReadOnlyList<SentRequest> All => [.. all];

    /// <summary>What it has answered with a 2xx.</summary>
    public IReadOnlyList<SentRequest> Taken => [.. taken];

    /// <summary>What it answers. Nothing: that it has taken it.</summary>
    public Func<SentRequest, HttpContext, Task> OnRequest { get; set; } = (_, _) => Task.CompletedTask;

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver.app.Run(receiver.ReceiveAsync);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Answers.</summary>
    public static Task AnswerAsync(HttpContext context, int status, string body = "{}", string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        return body.Length == 0 ? context.Response.StartAsync() : context.Response.WriteAsync(body, context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        var line = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        var request = new SentRequest(line, headers, body, Interlocked.Increment(ref count));
        all.Enqueue(request);
        await OnRequest(request, context);
        var (status, text) = Accepting.Of(request);
        if (!context.Response.HasStarted)
            await AnswerAsync(context, status, text);
        if (context.Response.StatusCode is >= 200 and < 300 && !context.RequestAborted.IsCancellationRequested)
            taken.Enqueue(request);
    }
}
