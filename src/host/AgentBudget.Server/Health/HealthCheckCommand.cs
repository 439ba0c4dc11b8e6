using AgentBudget.Server.Settings;

namespace AgentBudget.Server.Health;

/// <summary>Asks the server on this machine whether it is ready: for container health checks, where no other tool is at hand.</summary>
internal static class HealthCheckCommand
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    /// <returns>0 when it is ready, 1 when not.</returns>
    public static async Task<int> RunAsync(HealthSettings health)
    {
        using var http = new HttpClient { BaseAddress = health.LocalAddress, Timeout = AnswerWithin };
        try
        {
            using var answer = await http.GetAsync(new Uri(HealthEndpoints.Ready, UriKind.Relative));
            await Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"No server answers at {health.LocalAddress}: {exception.Message}");
            return 1;
        }
    }
}
