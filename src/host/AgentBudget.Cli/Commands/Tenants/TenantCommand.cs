using System.CommandLine;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary><c>agentbudget tenant</c>: looks at a tenant, sets it, and acts on it and on all below it.</summary>
internal static class TenantCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var common = new TenantOptions();
        var command = new Command(
            "tenant",
            "Sets a tenant's limits, shows where it stands, pauses and tops up, in a ledger or on a running server."
        );
        common.Ledger.AddTo(command);
        command.Add(common.Json);
        command.Add(TenantSetCommand.Create(common, terminal));
        command.Add(TenantShowCommand.Create(common, terminal));
        command.Add(TenantReportCommand.Create(common, terminal));
        command.Add(TenantSessionsCommand.Create(common, terminal));
        foreach (var action in TenantActions.All(common, terminal))
            command.Add(action);
        return command;
    }
}

/// <summary>What all commands on tenants share.</summary>
internal sealed class TenantOptions
{
    public LedgerOptions Ledger { get; } = new();

    public Option<bool> Json { get; } =
        new("--json") { Description = "Write JSON, one object a line; a list that goes on ends with {\"next\": ID}.", Recursive = true };

    /// <summary>The path argument.</summary>
    public static Argument<string> Path() => new("PATH") { Description = "The tenant's path, such as acme/research." };

    /// <summary>Reads it.</summary>
    public static TenantPath Read(ParseResult parsed, Argument<string> path) => Inputs.Tenant("PATH", parsed.GetRequiredValue(path))!;

    /// <summary>Who acts.</summary>
    public static Option<string> By() =>
        new("--by") { HelpName = "NAME", Description = "Who does it, for the tenant's history: up to 128 characters. Has to be said." };

    /// <summary>Why.</summary>
    public static Option<string> Reason() =>
        new("--reason") { HelpName = "TEXT", Description = "Why, for the tenant's history: up to 256 characters." };
}
