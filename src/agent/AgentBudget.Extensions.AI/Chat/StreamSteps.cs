using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>
/// Money for a stream, step by step: as much as has been seen, or can have been thought in its time, what can be generated unseen until its
/// provider has noticed that it is cut, and a step ahead. Where there is no more, the stream is ended while its money still pays for it.
/// </summary>
internal sealed class StreamSteps(BudgetedCall money, ChatCall call, long step)
{
    private long afforded = money.MaxOutputTokens ?? 0;
    private long unseen;
    private long seen;
    private bool isWhole;
    private bool isSpent;

    /// <summary>Sees to the first step. A stream that cannot be cut, or for which there is too little, has its cap lowered
    /// instead.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        unseen = money.UnseenTokens ?? 0;
        if (money.UnseenTokens is null || !await GrowToAsync(unseen + step, cancellationToken))
        {
            // All that there is, at once: its provider ends it at its cap.
            isWhole = true;
            await GrowToAsync(call.MaxOutput ?? call.LargestOutput, cancellationToken);
            CapAt(Math.Max(afforded, 1));
            return;
        }

        money.Grows = true;
        // Thoughts are never seen: no more of them than the session has money for.
        var most = money.OutputAffordedBy(money.Granted + Available) ?? afforded;
        if (call.CanClamp)
            CapAt(most);
    }

    // A cap above its own, or its model's, would be no cap, and providers refuse one.
    private void CapAt(long most)
    {
        if (!(call.MaxOutput <= most) && most < (money.OutputAffordedBy(Money.MaxAmount) ?? long.MaxValue))
            call.CapAt(most);
    }

    /// <summary>Whether the stream may go on behind an update.</summary>
    public async ValueTask<bool> MayGoOnAsync(ChatResponseUpdate update, CancellationToken cancellationToken)
    {
        for (var i = 0; i < update.Contents.Count; i++)
            seen += TokensOf(update.Contents[i]);
        // Thoughts are not shown: it can have generated all that its time allows.
        var needed = Math.Max(seen + unseen, money.UnseenTokensSoFar ?? 0);
        if (isWhole || needed + (step / 2) <= afforded || call.MaxOutput <= afforded)
            return true;
        if (!isSpent)
            isSpent = !await GrowToAsync(needed + Math.Max(step, needed > seen + unseen ? unseen / 2 : 0), cancellationToken);
        return needed <= afforded;
    }

    private Money Available { get; set; } = money.Standing.Available;

    // As much as there is, and whether that is what was wanted.
    private async Task<bool> GrowToAsync(long outputTokens, CancellationToken cancellationToken)
    {
        var more = money.CostWith(outputTokens) - money.Granted;
        if (more <= Money.Zero)
            return true;
        var answer = await money.GrowAsync(more, least: Money.FromNanoDollars(1), cancellationToken);
        afforded = money.MaxOutputTokens ?? afforded;
        Available = answer.Standing.Available;
        return answer.IsGranted && answer.Amount >= more;
    }

    private long TokensOf(AIContent content) =>
        content switch
        {
            TextContent { Text: var text } => TokenEstimator.Shared.Estimate(call.Model, text),
            TextReasoningContent { Text: var thought } => TokenEstimator.Shared.Estimate(call.Model, thought),
            FunctionCallContent called => TokenEstimator.Shared.Estimate(call.Model, ContentText.Of(called)),
            _ => 0,
        };
}
