using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget mend</c>: opens the way to a ledger whose log is damaged, at a price that has to be accepted.</summary>
internal static class MendCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "mend",
            "Looks at the log of a ledger that was not closed; gives up what stands behind damage, if told to."
        );
        var store = StoreAddress.OptionForLedger();
        var acceptLoss = new Option<bool>("--accept-loss")
        {
            Description = "End the log before the damage. What was acknowledged behind it is lost; the old log is kept beside it.",
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object on one line." };
        command.Add(store);
        command.Add(acceptLoss);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var options = new SqliteLedgerOptions { Path = StoreAddress.Required(parsed, store).SqlitePath! };
            if (!File.Exists(options.FilePath))
                throw new CommandFailedException($"There is no ledger at {options.FilePath}; check the path.");
            var isAccepted = parsed.GetValue(acceptLoss);
            var damage = isAccepted ? null : SqliteLedgerMend.FindDamagedLog(options);
            var given = isAccepted ? SqliteLedgerMend.AcceptLoss(options) : null;
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(MendJson.Write(options.FilePath, damage, given));
            else if (damage is null)
                terminal.Screen.WriteText(given ?? $"Nothing is wrong with the log of {options.FilePath}.");
            if (damage is null)
                return ExitCodes.Ok;
            terminal.Error(damage);
            return ExitCodes.Failed;
        });
        return command;
    }
}
