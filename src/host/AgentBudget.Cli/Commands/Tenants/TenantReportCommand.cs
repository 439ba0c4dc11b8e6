using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary><c>agentbudget tenant report PATH</c>: what was spent, in total and by day, week and month, and on what.</summary>
internal static class TenantReportCommand
{
    private const int DefaultNames = 10;

    public static Command Create(TenantOptions common, CliTerminal terminal)
    {
        var command = new Command(
            "report",
            "Reports what a tenant and all below it spent, in total and by day, week and month; and in a day by model, tool, agent and "
                + "reported tags, what its runs cost, and how fast money goes."
        );
        var path = TenantOptions.Path();
        var day = new Option<string>("--day")
        {
            HelpName = "today|yesterday",
            Description = "Which day of the tenant's calendar: the one that runs (default), or the one before.",
        };
        var names = new Option<string>("--names")
        {
            HelpName = "N",
            Description = $"How many names of each kind, from 1 to {Bounds.TenantNames}; the rest as one. Default {DefaultNames}.",
        };
        command.Add(path);
        command.Add(day);
        command.Add(names);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var tenant = TenantOptions.Read(parsed, path);
                var query = new TenantSpendQuery
                {
                    DayBefore = Inputs.Word("--day", parsed.GetValue(day), ("today", false), ("yesterday", true)),
                    Names = Inputs.Count("--names", parsed.GetValue(names), DefaultNames, 1, Bounds.TenantNames),
                };
                var address = common.Ledger.Read(parsed);
                await using var ledger = await address.ViewAsync(terminal.Time, cancellationToken);
                var report = await ledger.FindTenantAsync(tenant, cancellationToken);
                var spend = await ledger.SpendAsync(tenant, query, cancellationToken) ?? throw LedgerViews.NoTenant(ledger, tenant);
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(TenantJson.Reported(report, spend, query.DayBefore));
                else
                    TenantView.WriteReport(terminal.Screen, report, spend, query.DayBefore);
            }
        );
        return command;
    }
}
