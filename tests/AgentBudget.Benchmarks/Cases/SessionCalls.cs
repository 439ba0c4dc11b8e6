namespace AgentBudget.Benchmarks.Cases;

/// <summary>Calls on 1,000 open sessions as an agent makes them: fresh keys, three categories, arguments in loop detection.</summary>
internal sealed class SessionCalls
{
    public const int Sessions = 1_000;

    private static readonly Money Cost = Money.FromNanoDollars(1_234);
    private static readonly string[] Names = ["gpt-5", "web_search", "bash"];

    private readonly IBudgetSession[] sessions;

    private SessionCalls(IBudgetSession[] sessions) => this.sessions = sessions;

    public static Task<SessionCalls> OpenAsync(
        IGrainFactory grains,
        int count = Sessions,
        string prefix = "bench",
        IReadOnlyList<decimal>? softLimits = null
    ) => OpenAsync(grains, Enumerable.Range(0, count).Select(i => $"{prefix}-{i}"), softLimits: softLimits);

    public static async Task<SessionCalls> OpenAsync(
        IGrainFactory grains,
        IEnumerable<string> ids,
        int? calls = null,
        IReadOnlyList<decimal>? softLimits = null
    )
    {
        var options = new BudgetSessionOptions
        {
            Budget = calls is { } number ? Money.FromNanoDollars(number * Cost.NanoDollars) : Money.Parse("1000000"),
            SoftLimits = softLimits ?? BudgetSessionOptions.DefaultSoftLimits,
        };
        var sessions = ids.Select(id => grains.GetGrain<IBudgetSession>(id)).ToArray();
        foreach (var some in sessions.Chunk(100))
            await Task.WhenAll(some.Select(session => session.OpenAsync(new OpenCommand { Options = options })));
        return new SessionCalls(sessions);
    }

    public async Task ChargeAsync(int caller, long number)
    {
        var answer = await SessionOf(caller, number)
            .ChargeAsync(
                new ChargeCommand
                {
                    Cost = Cost,
                    Call = CallOf(caller, number),
                    Key = Key('c', caller, number),
                    IsKeyFresh = true,
                }
            );
        Ensure(answer);
    }

    public async Task ReserveAndSettleAsync(int caller, long number)
    {
        var session = SessionOf(caller, number);
        var call = CallOf(caller, number);
        var reserved = await session.ReserveAsync(
            new ReserveCommand
            {
                Amount = Cost,
                Call = call,
                Key = Key('r', caller, number),
                IsKeyFresh = true,
            }
        );
        Ensure(reserved);
        var settled = await session.SettleAsync(
            new SettleCommand
            {
                ReservationId = reserved.ReservationId,
                Cost = Cost,
                Key = Key('s', caller, number),
                IsKeyFresh = true,
            }
        );
        Ensure(settled);
    }

    // Each caller walks over all sessions, from a place of its own.
    private IBudgetSession SessionOf(int caller, long number) => sessions[(caller + (number * 7)) % sessions.Length];

    private static Call CallOf(int caller, long number) =>
        new()
        {
            Kind = number % 3 == 0 ? CallKind.Model : CallKind.Tool,
            Name = Names[number % 3],
            // Never the same arguments: work, not a loop, but the window is looked through each time.
            Fingerprint = ((ulong)(caller + 1) << 48) ^ (ulong)System.Diagnostics.Stopwatch.GetTimestamp(),
            Usage = number % 3 == 0 ? new TokenUsage(1_200, 300) : default,
        };

    // As long as the SDK's keys, and beginning with the time as they do; cheap to make, so that the load costs little beside the charge.
    private static string Key(char kind, int caller, long number) =>
        string.Create(
            36,
            (kind, time: System.Diagnostics.Stopwatch.GetTimestamp(), caller, number),
            static (key, parts) =>
            {
                WriteHex(key[..16], parts.time);
                key[16] = parts.kind;
                WriteHex(key[17..21], parts.caller);
                WriteHex(key[21..], parts.number);
            }
        );

    private static void WriteHex(Span<char> to, long value)
    {
        for (var i = to.Length - 1; i >= 0; i--, value >>= 4)
            to[i] = "0123456789abcdef"[(int)(value & 15)];
    }

    private static void Ensure(SessionAnswer answer)
    {
        if (!answer.IsGranted)
            throw new InvalidOperationException($"Refused: {answer.Refusal!.Reason}.");
    }
}
