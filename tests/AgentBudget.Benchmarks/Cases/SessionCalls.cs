using AgentBudget.Embedded;
using AgentBudget.Ledger;
using AgentBudget.Orleans.Abstractions;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>Calls on 1,000 open sessions as an agent makes them: fresh keys, three categories, arguments in loop detection.</summary>
internal sealed class SessionCalls
{
    public const int Sessions = 1_000;

    private static readonly Money Cost = Money.FromNanoDollars(1_234);
    private static readonly string[] Names = ["gpt-5", "web_search", "bash"];

    private readonly IBudgetSession[] sessions;

    private SessionCalls(IBudgetSession[] sessions) => this.sessions = sessions;

    public static async Task<SessionCalls> OpenAsync(EmbeddedAgentBudget budget, int count = Sessions, string prefix = "bench")
    {
        var options = new SessionOptions { Budget = Money.Parse("1000000") };
        var sessions = Enumerable.Range(0, count).Select(i => budget.Grains.GetGrain<IBudgetSession>($"{prefix}-{i}")).ToArray();
        foreach (var some in sessions.Chunk(100))
            await Task.WhenAll(some.Select(session => session.OpenAsync(new OpenCommand { Options = options })));
        return new SessionCalls(sessions);
    }

    public async Task ChargeAsync(int caller, long number)
    {
        var answer = await SessionOf(caller, number).ChargeAsync(new ChargeCommand
        {
            Cost = Cost,
            Call = CallOf(number),
            Key = Key('c', caller, number),
            IsKeyFresh = true,
        });
        Ensure(answer);
    }

    public async Task ReserveAndSettleAsync(int caller, long number)
    {
        var session = SessionOf(caller, number);
        var call = CallOf(number);
        var reserved = await session.ReserveAsync(new ReserveCommand { Amount = Cost, Call = call, Key = Key('r', caller, number), IsKeyFresh = true });
        Ensure(reserved);
        var settled = await session.SettleAsync(new SettleCommand
        {
            ReservationId = reserved.ReservationId,
            Cost = Cost,
            Key = Key('s', caller, number),
            IsKeyFresh = true,
        });
        Ensure(settled);
    }

    // Each caller walks over all sessions, from a place of its own.
    private IBudgetSession SessionOf(int caller, long number) => sessions[(caller + (number * 7)) % sessions.Length];

    private Call CallOf(long number) => new()
    {
        Kind = number % 3 == 0 ? CallKind.Model : CallKind.Tool,
        Name = Names[number % 3],
        // Never the same arguments: work, not a loop, but the window is looked through each time.
        Fingerprint = (ulong)Interlocked.Increment(ref calls),
        Usage = number % 3 == 0 ? new TokenUsage(1_200, 300) : default,
    };

    // Unique over the rounds of a run, as an SDK's key is.
    private readonly long round = System.Diagnostics.Stopwatch.GetTimestamp();
    private long calls;

    private string Key(char kind, int caller, long number) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind}{round:x}-{caller:x}-{number:x}-{Interlocked.Increment(ref calls):x}");

    private static void Ensure(SessionAnswer answer)
    {
        if (!answer.IsGranted) throw new InvalidOperationException($"Refused: {answer.Refusal!.Reason}.");
    }
}
