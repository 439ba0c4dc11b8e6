using AgentBudget.Billing.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Cli.Commands.Billing;

/// <summary>The clients that billing systems are reached with, as servers have them.</summary>
internal sealed class HttpClients : IDisposable
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(15);

    private readonly ServiceProvider services;

    public HttpClients(TimeProvider time)
    {
        var collection = new ServiceCollection();
        BillingHttp.Add(collection, _ => time, _ => AttemptTimeout);
        services = collection.BuildServiceProvider();
    }

    /// <summary>Makes one.</summary>
    public HttpClient Make() => services.GetRequiredService<IHttpClientFactory>().CreateClient(BillingHttp.ClientName);

    public void Dispose() => services.Dispose();
}
