using System.Globalization;
using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>Events for people, one a line, as they come: a table would wait for its last row.</summary>
/// <param name="screen">Where to.</param>
/// <param name="isOfOne">Whether all are of one ledger, whose name is then left out.</param>
internal sealed class EventView(IAnsiConsole screen, bool isOfOne)
{
    private const int TypeWidth = 23;
    private const int LedgerWidth = 24;
    private const int AmountWidth = 13;

    /// <summary>Writes one.</summary>
    public void Write(BudgetEvent of)
    {
        var line = new StyledLine().Add(of.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'  ", CultureInfo.InvariantCulture), Looks.Quiet);
        if (!isOfOne)
            line.Add(of.Origin.Ledger.PadRight(LedgerWidth) + " ");
        line.Add(of.Type.PadRight(TypeWidth), LookOf(of));
        line.Add((AmountOf(of)?.ToString() ?? "").PadLeft(AmountWidth) + "  ");
        line.Add(DescriptionOf(of));
        if (!of.Origin.IsTenant)
            line.Add($"  ({of.After.Spent} of {of.After.Budget} spent)", Looks.Quiet);
        // Where it is too wide to be a row, its words are what counts.
        if (line.ToString() is var text && text.GetCellWidth() > screen.Profile.Width)
            screen.WriteText(string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        else
            screen.WriteLine(line);
    }

    private static Style? LookOf(BudgetEvent of) =>
        of switch
        {
            HardLimitEvent or OverageEvent or LoopTrippedEvent or BreakerOpenedEvent or TenantExhaustedEvent or TenantStoppedEvent =>
                Looks.Bad,
            SoftLimitEvent
            or LoopWarnedEvent
            or SessionPausedEvent
            or TenantSoftLimitEvent
            or TenantPausedEvent
            or ReservationExpiredEvent => Looks.Doubtful,
            BreakerClosedEvent or SessionResumedEvent or TenantResumedEvent => Looks.Good,
            _ => default(Style?),
        };

    private static Money? AmountOf(BudgetEvent of) =>
        of switch
        {
            ChargeEvent charge => charge.Cost,
            OverageEvent overage => overage.Amount,
            ReservationExpiredEvent expired => expired.Amount,
            SessionOpenedEvent opened => opened.Budget,
            BudgetChangedEvent changed => changed.Budget,
            TenantSoftLimitEvent soft => soft.Used,
            TenantExhaustedEvent exhausted => exhausted.Asked,
            TenantLimitSetEvent { Raised: var raised } when raised > Money.Zero => raised,
            _ => null,
        };

    private static string DescriptionOf(BudgetEvent of)
    {
        var text = of switch
        {
            ChargeCorrectedEvent corrected => Joined(corrected.Call.Name, $"corrects entry {corrected.Related}", corrected.Reason),
            ChargeEvent charge => Joined(charge.Call.Name, charge.Call.Source == CostSource.Provider ? null : Words.Of(charge.Call.Source)),
            SoftLimitEvent soft => string.Create(CultureInfo.InvariantCulture, $"{soft.Fraction * 100:0.##} % of the budget"),
            LoopTrippedEvent tripped => tripped.Loop?.Finding,
            LoopWarnedEvent warned => warned.Loop?.Finding,
            BreakerOpenedEvent opened => Words.Of(opened.Reason),
            SessionEndedEvent ended => Words.Of(ended.Reason) ?? "closed",
            SessionPausedEvent paused => Joined(By(paused.By), paused.Reason),
            SessionResumedEvent resumed => Joined(By(resumed.By), resumed.Reason),
            BudgetChangedEvent changed => changed.Reason,
            _ => OfTenant(of),
        };
        return of.Child is { } child ? Joined(text, $"child {child}") : text ?? "";
    }

    private static string? OfTenant(BudgetEvent of) =>
        of switch
        {
            TenantSoftLimitEvent soft => $"of {soft.Limit} ({Words.Of(soft.Window)})",
            TenantLimitSetEvent set => Joined(set.Raised > Money.Zero ? Words.Of(set.Window) : null, By(set.By), set.Reason),
            TenantPausedEvent paused => Joined(By(paused.By), paused.Reason),
            TenantResumedEvent resumed => Joined(By(resumed.By), resumed.Reason),
            TenantStoppedEvent stopped => Joined(By(stopped.By), stopped.Reason),
            _ => null,
        };

    private static string? By(string? who) => who is null ? null : $"by {who}";

    private static string Joined(params string?[] parts) => string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));
}
