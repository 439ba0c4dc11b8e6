using AgentBudget.Client.Tests.Ledgers;

namespace AgentBudget.Client.Tests.Exceptions;

/// <summary>Every refusal becomes an exception of one family, whose message names the session and says what can be done.</summary>
public sealed class RefusalExceptionTests
{
    private const string Id = "run-42";

    private static readonly Dictionary<RefusalReason, Type> Special = new()
    {
        [RefusalReason.InsufficientNow] = typeof(InsufficientNowException),
        [RefusalReason.BudgetExhausted] = typeof(BudgetExhaustedException),
        [RefusalReason.TooLarge] = typeof(CallTooLargeException),
        [RefusalReason.TenantExhausted] = typeof(TenantExhaustedException),
        [RefusalReason.LoopDetected] = typeof(LoopDetectedException),
        [RefusalReason.Throttled] = typeof(LoopDetectedException),
        [RefusalReason.Paused] = typeof(SessionStoppedException),
        [RefusalReason.SessionEnded] = typeof(SessionStoppedException),
    };

    public static TheoryData<RefusalReason> Reasons => new(Enum.GetValues<RefusalReason>().Where(reason => reason != RefusalReason.None));

    [Theory, MemberData(nameof(Reasons))]
    public async Task Refusal_OfEachReason_BecomesAnExceptionOfTheFamily(RefusalReason reason)
    {
        var thrown = await RefusedAsync(reason);
        Assert.IsType(Special.GetValueOrDefault(reason, typeof(RefusedException)), thrown);
        Assert.IsAssignableFrom<AgentBudgetException>(thrown);
        Assert.Equal((reason, Money.Parse("0.25")), (thrown.Refusal.Reason, thrown.Refusal.Available));
        Assert.Equal(Id, thrown.Report!.SessionId);
    }

    [Theory, MemberData(nameof(Reasons))]
    public async Task Message_OfEachReason_NamesTheSessionInASentence(RefusalReason reason)
    {
        var message = (await RefusedAsync(reason)).Message;
        Assert.Contains(Id, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        // The bare word is what is left for a reason that nobody wrote a sentence for.
        Assert.DoesNotContain(Words.Of(reason) + ".", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_OfAllReasons_AreDifferent()
    {
        var messages = await Task.WhenAll(Reasons.Select(async row => (await RefusedAsync(row.Data)).Message));
        Assert.Equal(messages.Length, messages.Distinct().Count());
    }

    private static async Task<RefusedException> RefusedAsync(RefusalReason reason)
    {
        var refusal = new Refusal(reason, Money.Parse("0.25"));
        var report = new SessionReport
        {
            SessionId = Id,
            Standing = default,
            Breakdown = Breakdown.Empty,
        };
        var script = new GrainScript()
            .Answer(nameof(IBudgetSession.PauseAsync), _ => Task.FromResult<object?>(new SessionAnswer { Refusal = refusal }))
            .Answer(nameof(IBudgetSession.ReportAsync), _ => Task.FromResult<object?>(report));
        var session = new AgentBudgetClient(GrainProxy.Around(null, script)).Get(Id);
        return await Assert.ThrowsAnyAsync<RefusedException>(() =>
            session.PauseAsync(cancellationToken: TestContext.Current.CancellationToken)
        );
    }
}
