using System.Globalization;

namespace AgentBudget.CrashProgram;

/// <summary>
/// Charges, reserves, settles and releases at full speed until the process is killed. Before each operation it prints a line that
/// begins with TRY, and after its answer one that begins with ACK: <c>TRY session key kind nano-dollars reservation</c>.
/// </summary>
/// <param name="run">The number of this run; it makes its keys different from those of earlier runs.</param>
public sealed class Load(int run)
{
    /// <summary>Sessions that the load works on.</summary>
    public const int Sessions = 4;

    private const int WorkersPerSession = 8;

    private readonly Lock console = new();

    /// <summary>The name of a session.</summary>
    public static string SessionId(int number) => FormattableString.Invariant($"session-{number}");

    /// <summary>What an operation records, from the fields of its line; a test sends the same again.</summary>
    public static SessionCommand CommandOf(string key, string kind, long nanoDollars, long reservationId)
    {
        var amount = Money.FromNanoDollars(nanoDollars);
        return kind switch
        {
            "charge" => new ChargeCommand
            {
                Key = key,
                Cost = amount,
                Call = Call.Tool("search"),
            },
            "reserve" => new ReserveCommand
            {
                Key = key,
                Amount = amount,
                Call = Call.Model("gpt-5"),
            },
            "settle" => new SettleCommand
            {
                Key = key,
                ReservationId = reservationId,
                Cost = amount,
            },
            "release" => new ReleaseCommand { Key = key, ReservationId = reservationId },
            _ => throw new ArgumentException($"{kind} is no kind of operation."),
        };
    }

    /// <summary>Sends a command to a session.</summary>
    public static Task<SessionAnswer> SendAsync(IBudgetSession session, SessionCommand command) =>
        command switch
        {
            ChargeCommand charge => session.ChargeAsync(charge),
            ReserveCommand reserve => session.ReserveAsync(reserve),
            SettleCommand settle => session.SettleAsync(settle),
            ReleaseCommand release => session.ReleaseAsync(release),
            _ => throw new ArgumentException($"{command} is not sent here."),
        };

    public async Task RunAsync(string folder)
    {
        await using var budget = await EmbeddedAgentBudget.StartAsync(folder);
        for (var i = 0; i < Sessions; i++)
            await budget.OpenAsync(new BudgetSessionOptions { Budget = Money.Parse("1000000") }, SessionId(i));
        Say("READY");
        var workers = Enumerable.Range(0, Sessions * WorkersPerSession).Select(worker => Task.Run(() => WorkAsync(budget.Grains, worker)));
        await Task.WhenAll(workers);
    }

    private async Task WorkAsync(IGrainFactory grains, int worker)
    {
        var id = SessionId(worker % Sessions);
        var session = grains.GetGrain<IBudgetSession>(id);
        for (var n = 1; ; n++)
        {
            await SendAsync(session, id, Key(worker, n, "c"), "charge", 1_000 + n, 0);
            var reserved = await SendAsync(session, id, Key(worker, n, "r"), "reserve", 5_000 + n, 0);
            if (n % 3 == 0)
                await SendAsync(session, id, Key(worker, n, "e"), "release", 0, reserved.ReservationId);
            else
                await SendAsync(session, id, Key(worker, n, "s"), "settle", 2_000 + n, reserved.ReservationId);
        }
    }

    private async Task<SessionAnswer> SendAsync(
        IBudgetSession session,
        string id,
        string key,
        string kind,
        long nanoDollars,
        long reservationId
    )
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{id} {key} {kind} {nanoDollars} {reservationId}");
        Say("TRY " + line);
        var answer = await SendAsync(session, CommandOf(key, kind, nanoDollars, reservationId));
        if (!answer.IsGranted)
            throw new InvalidOperationException($"{line} was refused: {answer.Refusal}");
        Say("ACK " + line);
        return answer;
    }

    private string Key(int worker, int n, string kind) => FormattableString.Invariant($"{run}-{worker}-{n}-{kind}");

    private void Say(string line)
    {
        lock (console)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
