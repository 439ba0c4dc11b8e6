using System.CommandLine;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget sessions top-up ID AMOUNT</c>.</summary>
internal static class SessionsTopUpCommand
{
    public static Command Create(SessionsOptions common, CliTerminal terminal)
    {
        var command = new Command("top-up", "Raises the budget of a session. Above what is spent, an exhausted session goes on.");
        var id = SessionsOptions.Id();
        var amount = new Argument<string>("AMOUNT") { Description = "Dollars to add, such as 5.00." };
        var reason = SessionsOptions.Reason();
        command.Add(id);
        command.Add(amount);
        command.Add(reason);
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var added = Inputs.Dollars("AMOUNT", parsed.GetRequiredValue(amount));
                return SessionAction.RunAsync(
                    parsed,
                    common,
                    id,
                    terminal,
                    async session =>
                    {
                        var answer = await session.TopUpAsync(added.ToDecimalString(), parsed.GetValue(reason), cancellationToken);
                        var goesOn = answer.Signals.HasFlag(EntrySignals.BreakerClosed) ? " and goes on" : "";
                        return $"Session {session.Id} has {added} more{goesOn}: {SessionAction.Standing(answer)}";
                    },
                    cancellationToken
                );
            }
        );
        return command;
    }
}
