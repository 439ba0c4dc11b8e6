using System.Diagnostics;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>Puts what a call cost, and where the session stands, on the span of the chat that is current, so that tools that read spans
/// show the money.</summary>
internal static class ChatSpan
{
    // What Microsoft.Extensions.AI begins a span of a chat with; that of a tool, or of an agent's whole turn, is none of ours.
    private const string Mark = "gen_ai.operation.name";

    /// <summary>The span of the call; null where nobody records one.</summary>
    public static Activity? Current =>
        Activity.Current is { IsAllDataRequested: true } span && span.GetTagItem(Mark) is "chat" ? span : null;

    public static void Tell(Activity? span, BudgetedCall money, BudgetStop? stop)
    {
        if (span is null || money.Answer is not { } answer)
            return;
        var cost = (money.End == CallEnd.Settled ? answer.Amount : Money.Zero) + money.Attempts.SpentElsewhere;
        // Tools add numbers up, and spans have no exact ones; the exact sum stands beside it.
        span.SetTag("gen_ai.usage.cost", (double)cost.Dollars);
        span.SetTag("agentbudget.cost", Text(cost));
        span.SetTag("agentbudget.session", money.Session.Id);
        span.SetTag("agentbudget.budget", Text(answer.Standing.Budget));
        span.SetTag("agentbudget.spent", Text(answer.Standing.Spent));
        span.SetTag("agentbudget.available", Text(answer.Standing.Available));
        if (stop is not null)
            span.SetTag("agentbudget.stop", stop.Reason);
    }

    private static string Text(Money money) => money.ToDecimalString();
}
