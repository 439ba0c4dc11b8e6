using System.Net;
using System.Text;

namespace AgentBudget.Http.Tests.Ledgers;

/// <summary>Answers with one body after the other, and the last one again and again.</summary>
internal sealed class Canned(params string[] bodies) : HttpMessageHandler
{
    private int next;

    /// <summary>How many requests came.</summary>
    public int Count => next;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = bodies[Math.Min(next++, bodies.Length - 1)];
        return Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") }
        );
    }
}
