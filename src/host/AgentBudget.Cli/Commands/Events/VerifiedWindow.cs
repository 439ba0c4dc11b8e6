using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;

namespace AgentBudget.Cli.Commands.Events;

/// <summary>A tenant's window, and what its report says that was spent in it.</summary>
internal sealed record ReportedWindow(EventWindow Window, Money Spent);

/// <summary>Which tenant's window an export is compared with.</summary>
internal sealed class VerifiedWindow
{
    private readonly Option<string> tenant = new("--tenant")
    {
        HelpName = "PATH",
        Description = "Compares the costs of one tenant, and of all below it, with its report, instead of each session's. Needs --window.",
    };

    private readonly Option<string> window = new("--window")
    {
        HelpName = "WINDOW",
        Description =
            "yesterday, last-week or last-month, as the tenant's calendar has them; while nobody spends also today, week, month or total.",
    };

    public void AddTo(Command command)
    {
        command.Add(tenant);
        command.Add(window);
    }

    /// <summary>The window that was asked for; null for none.</summary>
    public async Task<ReportedWindow?> FindAsync(
        ParseResult parsed,
        LedgerAddress? address,
        CliTerminal terminal,
        CancellationToken cancellationToken
    )
    {
        var path = Inputs.Tenant("--tenant", parsed.GetValue(tenant));
        var word = parsed.GetValue(window);
        if (path is null && word is null)
            return null;
        if (path is null || word is null)
            throw new UsageException("--tenant and --window go together, as in --tenant acme --window yesterday.");
        var (kind, isBefore) = Inputs.Word(
            "--window",
            word,
            ("yesterday", (WindowKind.Day, true)),
            ("today", (WindowKind.Day, false)),
            ("last-week", (WindowKind.Week, true)),
            ("week", (WindowKind.Week, false)),
            ("last-month", (WindowKind.Month, true)),
            ("month", (WindowKind.Month, false)),
            ("total", (WindowKind.Total, false))
        );
        if (address is null)
            throw new UsageException("A tenant's window is compared with its report: say where that is, with --store or --server.");
        await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
        var sums = (await ledger.FindTenantAsync(path, cancellationToken))[kind];
        return isBefore
            ? new(new EventWindow(path, sums.PreviousStart ?? DateTimeOffset.MinValue, sums.Start!.Value), sums.PreviousSpent)
            : new(new EventWindow(path, sums.Start ?? DateTimeOffset.MinValue, sums.End ?? DateTimeOffset.MaxValue), sums.Spent);
    }
}
