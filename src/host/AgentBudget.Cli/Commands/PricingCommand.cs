using System.CommandLine;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget pricing</c>: looks after the price table.</summary>
internal static class PricingCommand
{
    /// <summary>The folder of the price files in the repository.</summary>
    public const string DefaultFolder = "pricing";

    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "pricing",
            "Looks after prices: checks price files, brings them up to date, and derives the project's own table."
        );
        command.Add(PricingCheckCommand.Create(terminal));
        command.Add(PricingUpdateCommand.Create(terminal));
        command.Add(PricingImportCommand.Create(terminal));
        return command;
    }
}
