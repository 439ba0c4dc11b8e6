namespace AgentBudget.Robustness.Plants;

/// <summary>Refuses some reservations although it has set their money aside.</summary>
public sealed class DebitingRefusals : IIncomingGrainCallFilter
{
    private const int OneOf = 8;
    private int granted;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (
            context.MethodName != nameof(IBudgetSession.ReserveAsync)
            || context.Result is not SessionAnswer { IsGranted: true, IsReplay: false, IsUnchanged: false } answer
        )
            return;
        if (Interlocked.Increment(ref granted) % OneOf != 0)
            return;
        context.Result = new SessionAnswer
        {
            Standing = answer.Standing,
            Refusal = new Refusal(RefusalReason.InsufficientNow, answer.Standing.Available),
        };
    }
}
