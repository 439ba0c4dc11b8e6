namespace AgentBudget.Orleans.Tests.Clusters;

/// <summary>One of the operations that write: what has to be there before it, how it is sent, and what it leaves.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The entry that stands under its key.</param>
/// <param name="PrepareAsync">Brings about what it needs, on a session that does not exist yet.</param>
/// <param name="SendAsync">Sends it, under a key.</param>
public sealed record Operation(
    string Name,
    EntryKind Kind,
    Func<IBudgetSession, Task> PrepareAsync,
    Func<IBudgetSession, string, Task<SessionAnswer>> SendAsync
)
{
    private static readonly BudgetSessionOptions Options = new() { Budget = Money.Parse("1.00"), Loops = LoopPolicy.Off };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        new(
            "open",
            EntryKind.Opened,
            _ => Task.CompletedTask,
            (session, key) => session.OpenAsync(new OpenCommand { Options = Options, Key = key })
        ),
        new("reserve", EntryKind.Reserved, OpenAsync, (session, key) => session.ReserveAsync("0.25", key)),
        new("settle", EntryKind.Settled, ReservedAsync, (session, key) => session.SettleAsync(2, "0.20", key)),
        new(
            "release",
            EntryKind.Released,
            ReservedAsync,
            (session, key) => session.ReleaseAsync(new ReleaseCommand { ReservationId = 2, Key = key })
        ),
        new(
            "extend",
            EntryKind.Extended,
            ReservedAsync,
            (session, key) =>
                session.ExtendAsync(
                    new ExtendCommand
                    {
                        ReservationId = 2,
                        TimeToLive = TimeSpan.FromHours(1),
                        Key = key,
                    }
                )
        ),
        new(
            "grow",
            EntryKind.Grown,
            ReservedAsync,
            (session, key) =>
                session.GrowAsync(
                    new GrowCommand
                    {
                        ReservationId = 2,
                        Amount = Money.Parse("0.10"),
                        Key = key,
                    }
                )
        ),
        new("charge", EntryKind.Charged, OpenAsync, (session, key) => session.ChargeAsync("0.25", key)),
        new(
            "top-up",
            EntryKind.ToppedUp,
            OpenAsync,
            (session, key) => session.TopUpAsync(new TopUpCommand { Amount = Money.Parse("0.50"), Key = key })
        ),
        new(
            "set-budget",
            EntryKind.BudgetSet,
            OpenAsync,
            (session, key) => session.SetBudgetAsync(new SetBudgetCommand { Budget = Money.Parse("3"), Key = key })
        ),
        new(
            "correct",
            EntryKind.Corrected,
            ChargedAsync,
            (session, key) =>
                session.CorrectAsync(
                    new CorrectCommand
                    {
                        EntrySequence = 2,
                        Difference = -Money.Parse("0.10"),
                        Reason = "refund",
                        Key = key,
                    }
                )
        ),
        new("pause", EntryKind.Paused, OpenAsync, (session, key) => session.PauseAsync(new PauseCommand { Key = key })),
        new("resume", EntryKind.Resumed, PausedAsync, (session, key) => session.ResumeAsync(new ResumeCommand { Key = key })),
        new("close", EntryKind.Ended, ReservedAsync, (session, key) => session.CloseAsync(new CloseCommand { Key = key })),
        new(
            "open-shared-child",
            EntryKind.ChildOpened,
            OpenAsync,
            (session, key) => session.OpenSharedChildAsync(new OpenSharedChildCommand { Child = "helper", Key = key })
        ),
        new(
            "close-shared-child",
            EntryKind.ChildClosed,
            HelperOpenAsync,
            (session, key) => session.CloseSharedChildAsync(new CloseSharedChildCommand { Child = "helper", Key = key })
        ),
        new(
            "open-carved-child",
            EntryKind.HolderRegistered,
            OpenAsync,
            (session, key) => session.OpenCarvedChildAsync(session.Id() + "/child", "0.40", key)
        ),
    ];

    /// <summary>Their names, for theories.</summary>
    public static IEnumerable<string> Names => All.Select(operation => operation.Name);

    public static Operation Named(string name) => All.Single(operation => operation.Name == name);

    private static Task<SessionAnswer> OpenAsync(IBudgetSession session) =>
        session.OpenAsync(new OpenCommand { Options = Options }).GrantedAsync();

    private static Task ReservedAsync(IBudgetSession session) => AfterOpenAsync(session, () => session.ReserveAsync("0.25"));

    private static Task ChargedAsync(IBudgetSession session) => AfterOpenAsync(session, () => session.ChargeAsync("0.25"));

    private static Task PausedAsync(IBudgetSession session) => AfterOpenAsync(session, () => session.PauseAsync(new PauseCommand()));

    private static Task HelperOpenAsync(IBudgetSession session) =>
        AfterOpenAsync(session, () => session.OpenSharedChildAsync(new OpenSharedChildCommand { Child = "helper" }));

    private static async Task AfterOpenAsync(IBudgetSession session, Func<Task<SessionAnswer>> then)
    {
        await OpenAsync(session);
        await then().GrantedAsync();
    }
}
