using System.Collections.Concurrent;
using System.Diagnostics;
using AgentBudget.Benchmarks.Load;
using AgentBudget.Benchmarks.PostgreSql;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// A thousand sessions of one tenant that run its money dry, on three silos over PostgreSQL: what is authorised, what lies idle when the
/// first is told that there is no more, and how often sessions ask. And the same with plenty, and one session for a long time.
/// </summary>
internal sealed class TenantLoad(TextWriter output)
{
    private const int Sessions = 1_000;

    private static readonly Money Cost = Money.Parse("0.05");

    private readonly AskCounter asks = new();

    public async Task RunAsync(int[] allLevels)
    {
        await using var cluster = await PostgreSqlCluster.StartAsync(
            3,
            silo =>
            {
                silo.Services.AddSingleton<IIncomingGrainCallFilter>(asks);
            }
        );
        // Who asks again does so by the clock: a first run, with code that is compiled while it runs, would count the seconds.
        await StormAsync(cluster.Grains, 3, isGreedy: false, TextWriter.Null);
        foreach (var levels in allLevels)
        {
            await StormAsync(cluster.Grains, levels, isGreedy: false, output);
            await StormAsync(cluster.Grains, levels, isGreedy: true, output);
            await LargeCallAsync(cluster.Grains, levels);
            await PlentyAsync(cluster.Grains, levels);
        }

        await SteadyAsync(cluster.Grains);
    }

    private async Task StormAsync(IGrainFactory grains, int levels, bool isGreedy, TextWriter report)
    {
        var name = $"{levels} level{(levels > 1 ? "s" : "")}{(isGreedy ? ", one session 99 % of the traffic" : "")}";
        Console.Error.WriteLine($"storm: {name}");
        var root = $"storm-{levels}-{isGreedy}-{ReferenceEquals(report, output)}";
        var sessions = await OpenAsync(grains, root, levels, "100.00", Sessions, isGreedy ? "1000" : "5.00");
        asks.Clear();
        var tally = new Tally { Limit = Money.Parse("100") };
        var began = Stopwatch.GetTimestamp();
        using var progress = new Timer(_ => Console.Error.WriteLine(tally), null, 2_000, 2_000);
        if (isGreedy)
            await Task.WhenAll(
                Enumerable
                    .Range(0, 100)
                    .Select(_ => SpendAsync(sessions[0], tally))
                    .Concat(sessions.Skip(1).Take(99).Select(session => SpendAsync(session, tally, atMost: 1)))
            );
        else
            await Task.WhenAll(sessions.Select(session => SpendAsync(session, tally)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var told = (await grains.GetGrain<ITenantBudget>(root).ReportAsync())!;
        var idle = await IdleMoney.ReadAsync(grains, PathsOf(root, levels), sessions, tally.Limit!.Value);
        var whileIdle = tally.NotNowAt.Count(at => idle.At(at) >= Cost);
        var whenDry = tally.AsksWhenDry;
        report.WriteLine(
            $"{name}: {tally.Granted:N0} calls of {Cost} granted in {seconds:0.0} s = {Worth(tally.Granted)}; "
                + $"settled at the tenant {told[WindowKind.Total].Spent}, out {told[WindowKind.Total].Outstanding}; "
                + $"idle at the first exhausted {Money.Parse("100") - Worth(tally.GrantedAtFirstExhausted)}; "
                + $"refused for now while a call's worth lay idle {whileIdle:N0} of {tally.Asked:N0} "
                + $"({100.0 * whileIdle / tally.Asked:0.00} %), before all was authorised {tally.NotNowBeforeTheLast:N0}, "
                + $"in all {tally.NotNow:N0}; "
                + $"asks from a session's last grant to the answer exhausted: mean {whenDry.Average():0.00}, most {whenDry.Max()}; "
                + $"asks for each granted call {asks.Total / (double)tally.Granted:0.00} at all levels"
        );
    }

    // It fits the tenant, and no slice: all that is left lies with a thousand sessions, five cents with each.
    private async Task LargeCallAsync(IGrainFactory grains, int levels)
    {
        Console.Error.WriteLine($"large call: {levels}");
        var sessions = await OpenAsync(grains, $"large-{levels}", levels, "100.00", Sessions, budget: "100");
        await Task.WhenAll(sessions.Select(session => ReserveAsync(session, Cost + Cost, settledAt: Cost)));
        var left = Money.Parse("100") - Worth(Sessions);
        var amount = Money.FromNanoDollars(left.NanoDollars / 10 * 6);
        var began = Stopwatch.GetTimestamp();
        var refused = await ReserveAsync(sessions[^1], amount, settledAt: amount);
        output.WriteLine(
            $"large call, {levels} level{(levels > 1 ? "s" : "")}: {amount} of {left} that lie with {Sessions:N0} sessions granted after "
                + $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s, {refused} times refused for now"
        );
    }

    private static async Task<int> ReserveAsync(IBudgetSession session, Money amount, Money settledAt)
    {
        var reserve = new ReserveCommand
        {
            Amount = amount,
            Call = Call.Model("gpt-5"),
            Key = Guid.NewGuid().ToString("N"),
        };
        for (var refused = 0; ; refused++)
        {
            var answer = await KnownAsync(() => session.ReserveAsync(reserve));
            if (answer.IsGranted)
            {
                Ensure(await KnownAsync(() => session.SettleAsync(SettleOf(answer, settledAt))));
                return refused;
            }

            await Task.Delay(answer.Refusal!.RetryAfter ?? throw new InvalidOperationException($"It was refused: {answer.Refusal}"));
        }
    }

    private static SettleCommand SettleOf(SessionAnswer reserved, Money cost) =>
        new()
        {
            ReservationId = reserved.ReservationId,
            Cost = cost,
            Key = $"s{reserved.ReservationId}",
        };

    private async Task PlentyAsync(IGrainFactory grains, int levels)
    {
        Console.Error.WriteLine($"plenty: {levels}");
        var sessions = await OpenAsync(grains, $"plenty-{levels}", levels, "1000000", Sessions);
        asks.Clear();
        var tally = new Tally();
        await Task.WhenAll(sessions.Select(session => SpendAsync(session, tally, atMost: 20)));
        output.WriteLine(
            $"plenty, {levels} level{(levels > 1 ? "s" : "")}: {tally.Granted:N0} calls granted, {asks.Total:N0} asks at all levels, "
                + $"{asks.Total / (double)tally.Granted:0.000} a call, of which tenants' {asks.OfTenants:N0}; {tally.NotNow} refused for now"
        );
    }

    private async Task SteadyAsync(IGrainFactory grains)
    {
        var sessions = await OpenAsync(grains, "steady", 1, "1000000", 10, budget: "100");
        asks.Clear();
        var tally = new Tally();
        await Task.WhenAll(sessions.Select(session => SpendAsync(session, tally, atMost: 1_000)));
        // Holders of what ran before may still ask.
        var asksOfThem = sessions.Sum(session => asks.Of(session.GetPrimaryKeyString()));
        output.WriteLine(
            $"steady: {sessions.Length} sessions of 1,000 calls: {asksOfThem / (double)sessions.Length:0.0} asks per 1,000 calls, "
                + $"{tally.Granted:N0} granted"
        );
    }

    private static async Task<IBudgetSession[]> OpenAsync(
        IGrainFactory grains,
        string root,
        int levels,
        string limit,
        int count,
        string budget = "5.00"
    )
    {
        var path = PathsOf(root, levels)[^1];
        await grains
            .GetGrain<ITenantBudget>(root)
            .SetAsync(new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Money.Parse(limit) } });
        var sessions = Enumerable.Range(0, count).Select(i => grains.GetGrain<IBudgetSession>($"{path}@{i}")).ToArray();
        var options = new BudgetSessionOptions { Budget = Money.Parse(budget), Loops = LoopPolicy.Off };
        await Parallel.ForEachAsync(
            sessions,
            new ParallelOptions { MaxDegreeOfParallelism = 100 },
            async (session, _) => Ensure(await KnownAsync(() => session.OpenAsync(new OpenCommand { Options = options })))
        );
        return sessions;
    }

    private static string[] PathsOf(string root, int levels) =>
        [
            .. Enumerable
                .Range(0, levels)
                .Select(below => string.Join('/', Enumerable.Range(0, below + 1).Select(i => i == 0 ? root : $"n{i}"))),
        ];

    private async Task SpendAsync(IBudgetSession session, Tally tally, int atMost = int.MaxValue)
    {
        var id = session.GetPrimaryKeyString();
        for (var calls = 0; calls < atMost; )
        {
            var reserve = new ReserveCommand
            {
                Amount = Cost,
                Call = Call.Model("gpt-5"),
                Key = Guid.NewGuid().ToString("N"),
            };
            var answer = await KnownAsync(() => session.ReserveAsync(reserve));
            tally.Count(answer);
            if (answer.IsGranted)
            {
                calls++;
                tally.GrantedTo(id, asks.Of(id));
                Ensure(await KnownAsync(() => session.SettleAsync(SettleOf(answer, Cost))));
                continue;
            }

            if (answer.Refusal!.Reason != RefusalReason.InsufficientNow)
            {
                tally.ToldExhausted(id, asks.Of(id));
                return;
            }

            await Task.Delay(answer.Refusal.RetryAfter ?? TimeSpan.FromSeconds(1));
        }
    }

    // Until the outcome is known, as a client does it.
    public static async Task<SessionAnswer> KnownAsync(Func<Task<SessionAnswer>> send)
    {
        while (true)
        {
            try
            {
                return await send();
            }
            catch (Exception exception) when (exception is TimeoutException or BudgetUnavailableException)
            {
                await Task.Delay(100);
            }
        }
    }

    private static Money Worth(long calls) => Money.FromNanoDollars(calls * Cost.NanoDollars);

    private static void Ensure(SessionAnswer answer)
    {
        if (!answer.IsGranted)
            throw new InvalidOperationException($"It was refused: {answer.Refusal}");
    }

    private sealed class Tally
    {
        private long granted;
        private long asked;
        private long notNow;
        private long grantedAtFirst;
        private long notNowBeforeTheLast;
        private int exhausted;

        private readonly ConcurrentDictionary<string, (int AtGrant, int AtEnd)> asks = [];

        /// <summary>For each session that was told that there is no more: how often it had asked since it was last granted
        /// something.</summary>
        public int[] AsksWhenDry =>
            [.. asks.Values.Where(session => session.AtEnd >= 0).Select(session => session.AtEnd - session.AtGrant).DefaultIfEmpty(0)];

        public void GrantedTo(string session, int asked) => asks[session] = (asked, -1);

        public void ToldExhausted(string session, int asked) =>
            asks.AddOrUpdate(session, (0, asked), (_, known) => known.AtEnd >= 0 ? known : (known.AtGrant, asked));

        /// <summary>What the tenant may spend in all; null for plenty.</summary>
        public Money? Limit { get; init; }

        public override string ToString() => $"  granted {granted:N0}, refused for now {notNow:N0}, told exhausted {exhausted:N0}";

        public long Granted => granted;

        public long Asked => asked;

        public long NotNow => notNow;

        public long GrantedAtFirstExhausted => grantedAtFirst;

        /// <summary>Refusals for now, when.</summary>
        public ConcurrentBag<DateTimeOffset> NotNowAt { get; } = [];

        /// <summary>Those before the last call was granted, money on its way to others included.</summary>
        public long NotNowBeforeTheLast => notNowBeforeTheLast;

        public void Count(SessionAnswer answer)
        {
            Interlocked.Increment(ref asked);
            if (answer.IsGranted)
                Interlocked.Increment(ref granted);
            else if (answer.Refusal!.Reason == RefusalReason.InsufficientNow)
            {
                Interlocked.Increment(ref notNow);
                NotNowAt.Add(TimeProvider.System.GetUtcNow());
                if (Limit is null || Worth(Interlocked.Read(ref granted)) + Cost <= Limit)
                    Interlocked.Increment(ref notNowBeforeTheLast);
            }
            else if (Interlocked.Increment(ref exhausted) == 1)
                grantedAtFirst = granted;
        }
    }
}
