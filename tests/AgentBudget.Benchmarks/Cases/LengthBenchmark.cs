using System.Diagnostics;
using AgentBudget.Benchmarks.Load;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>Whether a charge costs the same however long its session is: charge 100,001 against charge 101.</summary>
/// <param name="ShortMicroseconds">Process time of a charge on a session of 100 charges.</param>
/// <param name="LongMicroseconds">The same on a session of 100,000.</param>
internal sealed record LengthCost(double ShortMicroseconds, double LongMicroseconds)
{
    public double Ratio => LongMicroseconds / ShortMicroseconds;
}

/// <summary>Measures <see cref="LengthCost"/> as processor time, interleaved, because waiting for the disk would hide it.</summary>
internal static class LengthBenchmark
{
    private const int LongLength = 100_000;
    private const int ShortLength = 100;
    private const int Charges = 500;

    public static async Task<LengthCost> RunAsync(EmbeddedAgentBudget budget, int rounds)
    {
        Console.Error.WriteLine("length of the session: filling one with 100,000 charges");
        var longSession = await OpenAsync(budget, "long");
        await FillAsync(longSession, LongLength);
        var shortCosts = new List<double>();
        var longCosts = new List<double>();
        for (var round = 0; round <= rounds * 4; round++)
        {
            var shortSession = await OpenAsync(budget, $"short-{round}");
            await FillAsync(shortSession, ShortLength);
            var shortCost = await MeasureAsync(shortSession);
            var longCost = await MeasureAsync(longSession);
            if (round == 0)
                continue;
            shortCosts.Add(shortCost);
            longCosts.Add(longCost);
        }

        return new LengthCost(LoadResult.Median(shortCosts), LoadResult.Median(longCosts));
    }

    private static async Task<IBudgetSession> OpenAsync(EmbeddedAgentBudget budget, string id)
    {
        var session = budget.Grains.GetGrain<IBudgetSession>($"length-{id}");
        await session.OpenAsync(new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.Parse("1000000") } });
        return session;
    }

    private static async Task FillAsync(IBudgetSession session, int count)
    {
        for (var i = 0; i < count; i += 1_000)
            await Task.WhenAll(Enumerable.Range(i, Math.Min(1_000, count - i)).Select(n => ChargeAsync(session, n)));
    }

    private static async Task<double> MeasureAsync(IBudgetSession session)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var i = 0; i < Charges; i++)
            await ChargeAsync(session, i);
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMicroseconds / Charges;
    }

    private static Task<SessionAnswer> ChargeAsync(IBudgetSession session, int number) =>
        session.ChargeAsync(
            new ChargeCommand { Cost = Money.FromNanoDollars(1), Call = Call.Tool("bash") with { Fingerprint = (ulong)number + 1 } }
        );
}
