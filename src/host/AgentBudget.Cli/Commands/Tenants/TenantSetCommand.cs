using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary><c>agentbudget tenant set PATH</c>: changes the settings that are named and leaves the others as they are.</summary>
internal static class TenantSetCommand
{
    // Each time somebody else was quicker.
    private const int MostTries = 5;

    public static Command Create(TenantOptions common, CliTerminal terminal)
    {
        var command = new Command(
            "set",
            "Changes a tenant's limits and settings: those that are named; the others stay as they are. A limit that is lowered below "
                + "what is spent and out falls as money comes back."
        );
        var (path, by, reason) = (TenantOptions.Path(), TenantOptions.By(), TenantOptions.Reason());
        var settings = new TenantSettingOptions();
        command.Add(path);
        settings.AddTo(command);
        command.Add(by);
        command.Add(reason);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var tenant = TenantOptions.Read(parsed, path);
                var change = settings.Read(parsed);
                var cause = new Cause(Inputs.By(by.Name, parsed.GetValue(by)), Inputs.Reason(reason.Name, parsed.GetValue(reason)));
                var address = common.Ledger.Read(parsed);
                await using var ledger = await address.OpenAsync(terminal.Time, _ => Task.CompletedTask, cancellationToken);
                var (before, now) = await SetAsync(ledger, tenant, change, cause, cancellationToken);
                var after = await Acted.LookAsync(
                    () => ledger.FindTenantAsync(tenant, cancellationToken),
                    $"tenant show {tenant} {address.Option}",
                    terminal
                );
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(TenantJson.Set(tenant, before, now, after));
                else
                    TenantView.WriteChange(terminal.Screen, tenant, before, now, after);
            }
        );
        return command;
    }

    /// <summary>Sets what is to be changed of what stands at that moment: a change that somebody makes meanwhile is not undone.</summary>
    internal static async Task<(TenantSettings Before, TenantSettings Now)> SetAsync(
        ClientView ledger,
        TenantPath tenant,
        Func<TenantSettings, TenantSettings> change,
        Cause cause,
        CancellationToken cancellationToken
    )
    {
        for (var tries = 1; ; tries++)
        {
            var report = await ledger.TenantAsync(tenant, cancellationToken);
            var before = report?.Settings ?? TenantSettings.None;
            var now = change(before);
            try
            {
                await ledger.ActAsync(
                    () =>
                        ledger
                            .Client.Tenant(tenant.ToString())
                            .SetAsync(now, cause.By, cause.Reason, report?.Version ?? 0, cancellationToken),
                    $"tenant show {tenant}"
                );
                return (before, now);
            }
            catch (RefusedException refused) when (refused.Refusal.Reason == RefusalReason.SettingsChanged && tries < MostTries)
            {
                // What stands now is read again.
            }
        }
    }
}
