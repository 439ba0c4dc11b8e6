using System.Diagnostics;
using System.Globalization;
using AgentBudget.Benchmarks.Load;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// What webhooks cost charges, and how many posts a second go out: durable charges on an embedded ledger with no endpoint, with one for
/// limits and with one that takes every charge, round by round in turn, medians; the receiver is in this process and answers at once.
/// </summary>
/// <param name="rounds">Rounds that count, of each; one more warms up.</param>
/// <param name="roundDuration">How long each takes.</param>
/// <param name="writer">Takes what is found.</param>
internal sealed class WebhookBenchmark(int rounds, TimeSpan roundDuration, TextWriter writer)
{
    private const int Callers = 100;
    private const int PostsAtOnce = 32;

    private static readonly string[] Limits = ["limit.soft", "limit.hard"];
    private static readonly (string Name, string[]? Types)[] Cases =
    [
        ("no endpoint", null),
        ("one for limits", Limits),
        ("one for every event", []),
    ];

    public async Task RunAsync()
    {
        await using var receiver = await PostReceiver.StartAsync();
        var folder = Directory.CreateTempSubdirectory("agentbudget-webhooks-");
        try
        {
            await using var budget = await EmbeddedAgentBudget.StartAsync(options =>
            {
                options.Path = folder.FullName;
                options.ConfigureWebhooks = webhooks => (webhooks.AllowInsecureAddresses, webhooks.PostsAtOnce) = (true, PostsAtOnce);
            });
            var sessions = await SessionCalls.OpenAsync(budget.Grains);
            var found = Cases.ToDictionary(each => each.Name, _ => new List<Round>());
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var each in Cases)
                {
                    Console.Error.WriteLine($"round {round} of {rounds}: {each.Name}");
                    var result = await RunAsync(budget, receiver, each.Types, sessions);
                    if (round > 0)
                        found[each.Name].Add(result);
                }
            }

            Write(found);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<Round> RunAsync(EmbeddedAgentBudget budget, PostReceiver receiver, string[]? types, SessionCalls sessions)
    {
        string? id = null;
        if (types is not null)
            id = (await budget.Client.Webhooks.SetAsync(new WebhookSettings { Url = receiver.Url, Types = types })).Endpoint.Id;
        var before = receiver.Received;
        var began = Stopwatch.GetTimestamp();
        var result = await ClosedLoop.RunAsync(Callers, roundDuration, sessions.ChargeAsync);
        var posted = receiver.Received - before;
        var behind = Stopwatch.GetTimestamp();
        // Until all of it is out: so far it was behind when the last charge was made.
        while (id is not null && (await budget.Client.Webhooks.FindAsync(id)).Behind > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        var all = receiver.Received - before;
        var round = new Round(
            result.CallsPerSecond,
            posted / Stopwatch.GetElapsedTime(began, behind).TotalSeconds,
            id is null || all == posted ? 0 : (all - posted) / Stopwatch.GetElapsedTime(behind).TotalSeconds,
            id is null ? 0 : Stopwatch.GetElapsedTime(behind).TotalSeconds
        );
        if (id is not null)
            await budget.Client.Webhooks.RemoveAsync(id);
        return round;
    }

    private void Write(Dictionary<string, List<Round>> found)
    {
        var without = LoadResult.Median([.. found[Cases[0].Name].Select(round => round.Charges)]);
        writer.WriteLine("endpoint               charges/s    ratio   posts/s beside them   alone behind them   behind by, s");
        foreach (var (name, all) in found)
        {
            double Of(Func<Round, double> get) => LoadResult.Median([.. all.Select(get)]);
            var charges = Of(round => round.Charges);
            writer.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -20} {charges, 11:N0} {charges / without, 8:0.000} {Of(round => round.Posts), 21:N0} "
                        + $"{Of(round => round.PostsAlone), 19:N0} {Of(round => round.Behind), 14:0.0}"
                )
            );
        }
    }

    private sealed record Round(double Charges, double Posts, double PostsAlone, double Behind);
}
