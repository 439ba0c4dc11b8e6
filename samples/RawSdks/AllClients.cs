using System.Net.Http.Json;
using AgentBudget;
using Microsoft.Extensions.DependencyInjection;

namespace RawSdks;

/// <summary>All clients of the factory at once, whoever makes them; the session is the one that a request names or that is found for
/// it.</summary>
internal static class AllClients
{
    public static async Task<string> RunAsync(BudgetSession session, string key, Uri endpoint)
    {
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(client => client.AddAgentBudget((_, _) => session, options => options.RequireSession = true));

        await using var built = services.BuildServiceProvider();
        using var http = built.GetRequiredService<IHttpClientFactory>().CreateClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var question = new { model = "gpt-5", messages = new[] { new { role = "user", content = "Say hello." } } };
        using var answer = await http.PostAsJsonAsync(new Uri(endpoint, "chat/completions"), question);
        return $"{(int)answer.StatusCode}";
    }
}
