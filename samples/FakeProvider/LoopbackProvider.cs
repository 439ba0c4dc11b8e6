using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FakeProvider.Wires;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace FakeProvider;

/// <summary>
/// A provider of models on loopback: real HTTP, the APIs of OpenAI, Anthropic, Gemini, Mistral and Cohere, and a bill of its own. It bills
/// what it generated, seen or not, and after a caller has gone goes on generating until it notices.
/// </summary>
public sealed class LoopbackProvider : IAsyncDisposable
{
    private readonly WebApplication host;
    private readonly ConcurrentQueue<Script> next = new();
    private readonly List<SeenCall> calls = [];
    private readonly Lock gate = new();
    private TaskCompletionSource idle = NewIdle(isIdle: true);
    private int open;

    private LoopbackProvider()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            // A reader may be slower than any server would wait for.
            kestrel.Limits.MinResponseDataRate = null;
        });
        host = builder.Build();
        host.Run(AnswerAsync);
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri Address => new(host.Urls.First());

    /// <summary>What it does with requests that no script was set for by <see cref="Next"/>.</summary>
    public Script Always { get; set; } = Script.Normal;

    /// <summary>What it bills for tokens.</summary>
    public ProviderRates Rates { get; set; } = new();

    /// <summary>How many tokens the model generates in a second while nobody reads.</summary>
    public long TokensPerSecond { get; set; } = 100;

    /// <summary>How long it takes to notice that a caller has gone. Is added to the bill, and not waited for.</summary>
    public TimeSpan NoticesAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The requests so far, in the order in which they came.</summary>
    public IReadOnlyList<SeenCall> Calls
    {
        get
        {
            lock (gate)
                return [.. calls];
        }
    }

    /// <summary>The bill for all of them, in dollars.</summary>
    public decimal Bill => Calls.Sum(call => call.Cost);

    /// <summary>Starts.</summary>
    public static async Task<LoopbackProvider> StartAsync(CancellationToken cancellationToken = default)
    {
        var provider = new LoopbackProvider();
        await provider.host.StartAsync(cancellationToken);
        return provider;
    }

    /// <summary>What it does with the next requests, one after the other.</summary>
    public void Next(params IEnumerable<Script> scripts)
    {
        foreach (var script in scripts)
            next.Enqueue(script);
    }

    /// <summary>Ends when no request is being answered, so that the bill is whole.</summary>
    public Task WhenIdleAsync()
    {
        lock (gate)
            return idle.Task;
    }

    /// <summary>Stops; what is being answered is cut.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await host.StopAsync(now.Token);
        await host.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var call = new SeenCall(
            context.Request.Path + context.Request.QueryString,
            await reader.ReadToEndAsync(context.RequestAborted),
            HeadersOf(context.Request)
        );
        Begin(call);
        try
        {
            await AnswerAsync(context, call);
        }
        finally
        {
            End();
        }
    }

    private async Task AnswerAsync(HttpContext context, SeenCall call)
    {
        var path = context.Request.Path.Value ?? "";
        if (Wire.Find(path) is not { } wire || JsonNode.Parse(call.Body) is not JsonObject body)
        {
            context.Response.StatusCode = 404;
            call.End = SeenEnd.Refused;
            return;
        }

        var named = call.Headers.TryGetValue("fake-script", out var name) ? Script.Named.GetValueOrDefault(name) : null;
        var script = named ?? (next.TryDequeue(out var queued) ? queued : Always);
        var answer = new Answer(script, wire.Read(path, body), Calls.Count);
        var sending = new Sending(this, context, wire, answer, call);
        try
        {
            await sending.SendAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            sending.CallerHasGone();
        }
    }

    private static Dictionary<string, string> HeadersOf(HttpRequest request)
    {
        string[] credentials = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];
        return request
            .Headers.Where(header => !credentials.Contains(header.Key.ToLowerInvariant()))
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
    }

    private void Begin(SeenCall call)
    {
        lock (gate)
        {
            calls.Add(call);
            if (open++ == 0)
                idle = NewIdle(isIdle: false);
        }
    }

    private void End()
    {
        lock (gate)
        {
            if (--open == 0)
                idle.SetResult();
        }
    }

    private static TaskCompletionSource NewIdle(bool isIdle)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (isIdle)
            idle.SetResult();
        return idle;
    }
}
