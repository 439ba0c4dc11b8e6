using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Webhooks.Tests;

/// <summary>What a receiver was posted.</summary>
/// <param name="Id">The id in the header.</param>
/// <param name="Headers">All headers.</param>
/// <param name="Body">The body.</param>
/// <param name="Number">Which post of this id it is, from 1 on.</param>
internal sealed record Received(string Id, IReadOnlyDictionary<string, string> Headers, string Body, int Number)
{
    /// <summary>The event within.</summary>
    public JsonElement Data
    {
        get
        {
            using var json = JsonDocument.Parse(Body);
            return json.RootElement.GetProperty("data").Clone();
        }
    }

    public string Ledger => Data.GetProperty("ledger").GetString()!;

    public long Sequence => Data.GetProperty("sequence").GetInt64();
}

/// <summary>A receiver of webhooks on loopback.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Received> all = new();
    private readonly ConcurrentQueue<Received> taken = new();

    private Receiver(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single() + "/hook";

    /// <summary>What it was posted, in the order in which it came.</summary>
    public IReadOnlyList<Received> All => [.. all];

    /// <summary>What it has taken, in the order in which it did.</summary>
    public IReadOnlyList<Received> Taken => [.. taken];

    /// <summary>What it has taken, once by id.</summary>
    public IReadOnlyList<Received> Once => [.. taken.DistinctBy(one => one.Id)];

    /// <summary>What it answers.</summary>
    public Func<Received, HttpContext, Task> OnPost { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>An answer of nothing but a status.</summary>
    public static Func<Received, HttpContext, Task> Always(int status) =>
        (_, context) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

    /// <param name="certificate">Makes it https.</param>
    public static async Task<Receiver> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls($"{(certificate is null ? "http" : "https")}://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        var receiver = new Receiver(builder.Build());
        receiver.app.Run(receiver.ReceiveAsync);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
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
        var id = headers["webhook-id"];
        var received = new Received(id, headers, body, numbers.AddOrUpdate(id, 1, (_, before) => before + 1));
        all.Enqueue(received);
        await OnPost(received, context);
        if (context.Response.StatusCode is >= 200 and < 300 && !context.RequestAborted.IsCancellationRequested)
            taken.Enqueue(received);
    }
}
