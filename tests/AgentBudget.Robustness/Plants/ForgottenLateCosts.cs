namespace AgentBudget.Robustness.Plants;

/// <summary>Tells children that have ended that what they report after it is booked, and books nothing.</summary>
public sealed class ForgottenLateCosts : IIncomingGrainCallFilter
{
    private const string Hear = "HearAsync";

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (
            context.MethodName != Hear
            // A child that has ended asks for nothing, and has nothing.
            || context.Request.GetArgument(0) is not HolderWord { All.NanoDollars: 0, Granted.NanoDollars: > 0 } word
            || word.Report is not { IsRestart: false, IsSealed: false } report
        )
        {
            await context.Invoke();
            return;
        }

        context.Request.SetArgument(0, word with { Report = null });
        await context.Invoke();
        if (context.Result is ParentWord { State: ParentState.Known } reply && reply.Through == report.From)
            context.Result = reply with { Through = report.To, Spent = report.SpentAfter };
    }
}
