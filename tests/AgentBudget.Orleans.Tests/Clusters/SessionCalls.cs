using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Clusters;

/// <summary>Shorthand for what tests ask of a session.</summary>
internal static class SessionCalls
{
    private static readonly Call Model = Call.Model("gpt-5");

    public static string Id(this IBudgetSession session) => session is RecordedSession ? "recorded" : session.GetPrimaryKeyString();

    public static Task<SessionAnswer> ChargeAsync(this IBudgetSession session, string cost, string? key = null) =>
        session.ChargeAsync(
            new ChargeCommand
            {
                Cost = Money.Parse(cost),
                Call = Model,
                Key = key,
            }
        );

    public static Task<SessionAnswer> ReserveAsync(
        this IBudgetSession session,
        string amount,
        string? key = null,
        TimeSpan? timeToLive = null
    ) =>
        session.ReserveAsync(
            new ReserveCommand
            {
                Amount = Money.Parse(amount),
                Call = Model,
                Key = key,
                TimeToLive = timeToLive ?? TimeSpan.FromMinutes(15),
            }
        );

    public static Task<SessionAnswer> SettleAsync(this IBudgetSession session, long reservationId, string cost, string? key = null) =>
        session.SettleAsync(
            new SettleCommand
            {
                ReservationId = reservationId,
                Cost = Money.Parse(cost),
                Key = key,
            }
        );

    public static Task<SessionAnswer> OpenCarvedChildAsync(this IBudgetSession session, string child, string budget, string? key = null) =>
        session.OpenCarvedChildAsync(
            new OpenCarvedChildCommand
            {
                Child = child,
                Options = new BudgetSessionOptions { Budget = Money.Parse(budget), Loops = LoopPolicy.Off },
                Key = key,
            }
        );

    /// <summary>An answer that must be a grant.</summary>
    public static async Task<SessionAnswer> GrantedAsync(this Task<SessionAnswer> sent)
    {
        var answer = await sent.InTimeAsync();
        Assert.True(answer.IsGranted, $"refused: {answer.Refusal}");
        return answer;
    }

    /// <summary>An answer that must be a refusal.</summary>
    public static async Task<RefusalReason> RefusedAsync(this Task<SessionAnswer> sent) =>
        (await sent.InTimeAsync()).Refusal?.Reason ?? RefusalReason.None;

    public static Task<SessionReport?> ReportAsync(this IBudgetSession session, int events = 0) =>
        session.ReportAsync(new ReportQuery { Events = events }).InTimeAsync();
}
