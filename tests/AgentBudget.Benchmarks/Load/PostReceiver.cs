using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Benchmarks.Load;

/// <summary>Takes what webhooks post, on loopback, and answers at once.</summary>
internal sealed class PostReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private long received;

    private PostReceiver(WebApplication app) => this.app = app;

    /// <summary>Where it takes posts.</summary>
    public string Url => app.Urls.Single() + "/hook";

    /// <summary>How many it has taken.</summary>
    public long Received => Interlocked.Read(ref received);

    public static async Task<PostReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new PostReceiver(builder.Build());
        receiver.app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            Interlocked.Increment(ref receiver.received);
        });
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
