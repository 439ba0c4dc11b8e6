using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary><c>agentbudget tenant set PATH</c>: changes the settings that are named and leaves the others as they are.</summary>
internal static class TenantSetCommand
{
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
                var before = (await ledger.TenantAsync(tenant, cancellationToken))?.Settings ?? TenantSettings.None;
                var next = change(before);
                await ledger.ActAsync(
                    async () =>
                    {
                        await ledger.Client.Tenant(tenant.ToString()).SetAsync(next, cause.By, cause.Reason, cancellationToken);
                        return true;
                    },
                    $"tenant show {tenant}"
                );
                var after = await ledger.FindTenantAsync(tenant, cancellationToken);
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(TenantJson.Set(after, before));
                else
                    TenantView.WriteChange(terminal.Screen, after, before);
            }
        );
        return command;
    }
}
