using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary>Who acts on a tenant, and why.</summary>
/// <param name="By">Who.</param>
/// <param name="Reason">Why; null when that is not said.</param>
internal sealed record Cause(string By, string? Reason);

/// <summary>Acts on a tenant, and answers with what to say for people, and with the answer of the ledger where there is one.</summary>
internal delegate Task<(string Said, SessionAnswer? Answer)> ActOnTenant(
    TenantBudget tenant,
    Cause cause,
    CancellationToken cancellationToken
);

/// <summary>What every command that acts on a tenant does: open the ledger, act, say how it stands.</summary>
internal static class TenantAction
{
    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="common">The options of all commands on tenants.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="symbols">Arguments and options of its own.</param>
    /// <param name="read">Reads these before the ledger is opened, and gives what acts.</param>
    public static Command Create(
        string name,
        string description,
        TenantOptions common,
        CliTerminal terminal,
        Symbol[] symbols,
        Func<ParseResult, ActOnTenant> read
    )
    {
        var command = new Command(name, description);
        var (path, by, reason) = (TenantOptions.Path(), TenantOptions.By(), TenantOptions.Reason());
        foreach (var argument in symbols.OfType<Argument>().Prepend(path))
            command.Add(argument);
        foreach (var option in symbols.OfType<Option>().Append(by).Append(reason))
            command.Add(option);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var tenant = TenantOptions.Read(parsed, path);
                var act = read(parsed);
                var cause = new Cause(Inputs.By(by.Name, parsed.GetValue(by)), Inputs.Reason(reason.Name, parsed.GetValue(reason)));
                var address = common.Ledger.Read(parsed);
                await using var ledger = await address.OpenAsync(terminal.Time, _ => Task.CompletedTask, cancellationToken);
                var (said, answer) = await ledger.ActAsync(
                    () => act(ledger.Client.Tenant(tenant.ToString()), cause, cancellationToken),
                    $"tenant show {tenant}"
                );
                if (!parsed.GetValue(common.Json))
                    terminal.Screen.WriteText(said);
                else
                    terminal.Out.WriteLine(TenantJson.Acted(await ledger.FindTenantAsync(tenant, cancellationToken), answer));
            }
        );
        return command;
    }
}
