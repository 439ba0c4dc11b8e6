using AgentBudget;

namespace Platform;

/// <summary>A worker: the agents of some sessions, all at once. What it does not know to be recorded it sends again under the same
/// key.</summary>
internal static class WorkerProcess
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(int first, int count, int charges)
    {
        await using var client = await ClusterLink.StartAsync();
        await Task.WhenAll(Enumerable.Range(first, count).Select(number => RunAsync(client.Grains, number, charges)));
        return 0;
    }

    private static async Task RunAsync(IGrainFactory grains, int number, int charges)
    {
        var session = grains.GetGrain<IBudgetSession>(Names.Session(number));
        for (var charge = 0; charge < charges; charge++)
        {
            var command = new ChargeCommand
            {
                Cost = Names.CostOf(number, charge),
                Call = Call.Model("gpt-5"),
                Key = $"charge-{charge}",
            };
            var answer = await UntilAnsweredAsync(() => session.ChargeAsync(command));
            if (!answer.IsGranted)
                throw new InvalidOperationException($"{Names.Session(number)} was refused: {answer.Refusal}");
        }
    }

    /// <summary>Asks until there is an answer; a silo may have gone with the last one.</summary>
    public static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException or BudgetUnavailableException)
            {
                await Task.Delay(AgainAfter);
            }
        }
    }
}
