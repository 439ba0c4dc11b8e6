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

/// <summary>What a command does to a tenant.</summary>
/// <param name="Act">Does it.</param>
internal sealed record TenantDeed(Func<TenantBudget, Cause, CancellationToken, Task<Acted>> Act)
{
    /// <summary>The key under which it is done once; null for what is so however often it is sent.</summary>
    public string? Key { get; init; }

    /// <summary>Whether it may be done to a tenant that is not there.</summary>
    public bool Creates { get; init; }

    /// <summary>What else the person may mean who names one that is not there.</summary>
    public string OrElse { get; init; } = "";

    /// <summary>What to add for people once it has been seen how the tenant stands; null for nothing.</summary>
    public Func<TenantReport, string>? Standing { get; init; }
}

/// <summary>What every command that acts on a tenant does: open the ledger, find the tenant, act, say how it stands.</summary>
internal static class TenantAction
{
    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="common">The options of all commands on tenants.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="symbols">Arguments and options of its own.</param>
    /// <param name="read">Reads these before the ledger is opened, and gives what is to be done.</param>
    public static Command Create(
        string name,
        string description,
        TenantOptions common,
        CliTerminal terminal,
        Symbol[] symbols,
        Func<ParseResult, TenantDeed> read
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
                var deed = read(parsed);
                var cause = new Cause(Inputs.By(by.Name, parsed.GetValue(by)), Inputs.Reason(reason.Name, parsed.GetValue(reason)));
                var address = common.Ledger.Read(parsed);
                await using var ledger = await address.OpenAsync(
                    terminal.Time,
                    view => EnsureAsync(view, tenant, deed, cancellationToken),
                    cancellationToken
                );
                var acted = await ledger.ActAsync(
                    () => deed.Act(ledger.Client.Tenant(tenant.ToString()), cause, cancellationToken),
                    $"tenant show {tenant}",
                    deed.Key
                );
                await WriteAsync(
                    tenant,
                    deed,
                    acted,
                    () => ledger.FindTenantAsync(tenant, cancellationToken),
                    address,
                    parsed.GetValue(common.Json),
                    terminal
                );
                return acted.ExitCode;
            }
        );
        return command;
    }

    /// <summary>Says what was done, and where the tenant stands as far as that can be seen.</summary>
    internal static async Task WriteAsync(
        TenantPath tenant,
        TenantDeed deed,
        Acted acted,
        Func<Task<TenantReport>> look,
        LedgerAddress address,
        bool isJson,
        CliTerminal terminal
    )
    {
        var show = $"tenant show {tenant} {address.Option}";
        if (isJson)
        {
            var report = await Acted.LookAsync(look, show, terminal);
            terminal.Out.WriteLine(TenantJson.Acted(tenant, report, acted.Answer));
            return;
        }

        terminal.Screen.WriteText(acted.Said);
        if (deed.Standing is { } standing && await Acted.LookAsync(look, show, terminal) is { } after)
            terminal.Screen.WriteText(standing(after));
    }

    // A path that was mistyped would be paused, and what was meant would go on.
    private static async Task EnsureAsync(ILedgerView view, TenantPath tenant, TenantDeed deed, CancellationToken cancellationToken)
    {
        if (!deed.Creates && await view.TenantAsync(tenant, cancellationToken) is null)
            throw LedgerViews.NoTenant(view, tenant, deed.OrElse);
    }
}
