using System.CommandLine;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget sessions</c>: looks at the sessions of a ledger, and acts on them. Without more it lists them.</summary>
internal static class SessionsCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var common = new SessionsOptions();
        var command = new Command("sessions", "Looks at the sessions of a ledger, and acts on them. Without a subcommand it lists them.");
        common.Ledger.AddTo(command);
        command.Add(common.Json);
        SessionsListCommand.Configure(command, common, terminal);
        command.Add(SessionsListCommand.Configure(new Command("list", "Lists sessions in the order of their ids."), common, terminal));
        command.Add(SessionsShowCommand.Create(common, terminal));
        foreach (var action in SessionActions.All(common, terminal))
            command.Add(action);
        return command;
    }
}

/// <summary>What all commands on sessions share.</summary>
internal sealed class SessionsOptions
{
    public LedgerOptions Ledger { get; } = new();

    public Option<bool> Json { get; } =
        new("--json") { Description = "Write JSON, one object a line; a list that goes on ends with {\"next\": ID}.", Recursive = true };

    /// <summary>The id argument of a command on one session.</summary>
    public static Argument<string> Id() => new("ID") { Description = "The session's id." };

    /// <summary>The reason option of a command that acts.</summary>
    public static Option<string> Reason() =>
        new("--reason") { HelpName = "TEXT", Description = "Why, for the timeline: up to 256 characters." };
}
