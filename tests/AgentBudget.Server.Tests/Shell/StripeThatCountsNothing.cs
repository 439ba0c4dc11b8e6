using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Server.Tests.Shell;

/// <summary>A Stripe on loopback whose meter has counted nothing and which reports no errors.</summary>
internal sealed class StripeThatCountsNothing : IAsyncDisposable
{
    private readonly WebApplication app;

    public StripeThatCountsNothing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(context => context.Response.WriteAsync("""{"data":[],"next_page_url":null}"""));
        app.Start();
    }

    public string Url => app.Urls.Single();

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
