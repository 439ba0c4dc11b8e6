using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Server.Tests.Processes;

/// <summary>
/// Takes OTLP over HTTP and keeps what arrives. Names and attributes stand in it as plain UTF-8, so that whether something was told can
/// be seen without knowing the form.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> received = new();
    private readonly WebApplication application;

    private OtlpReceiver(WebApplication application) => this.application = application;

    /// <summary>Where telemetry is sent to, over HTTP.</summary>
    public Uri Address => new(application.Urls.Single());

    /// <summary>The variables that send a server's telemetry here.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
        [
            new("OTEL_EXPORTER_OTLP_ENDPOINT", Address.OriginalString),
            new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            new("OTEL_METRIC_EXPORT_INTERVAL", "500"),
            new("OTEL_BSP_SCHEDULE_DELAY", "500"),
            new("OTEL_BLRP_SCHEDULE_DELAY", "500"),
        ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var receiver = new OtlpReceiver(application);
        application.MapPost("/v1/{signal}", receiver.ReceiveAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>What arrived of a signal: <c>metrics</c>, <c>traces</c> or <c>logs</c>.</summary>
    public IEnumerable<byte[]> Bodies(string signal) => received.TryGetValue(signal, out var bodies) ? bodies : [];

    /// <summary>Whether a text stood in what arrived of a signal.</summary>
    public bool Has(string signal, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Bodies(signal).Any(body => body.AsSpan().IndexOf(bytes) >= 0);
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task<IResult> ReceiveAsync(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        received.GetOrAdd(signal, _ => new ConcurrentQueue<byte[]>()).Enqueue(body.ToArray());
        return Results.Bytes([], "application/x-protobuf");
    }
}
