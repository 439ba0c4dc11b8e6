using System.CommandLine;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget sessions close ID</c>: an operator stops the session.</summary>
internal static class SessionsCloseCommand
{
    public static Command Create(SessionsOptions common, CliTerminal terminal)
    {
        var command = new Command("close", "Ends a session: open reservations are released, and nothing new is authorised.");
        var id = SessionsOptions.Id();
        var reason = SessionsOptions.Reason();
        command.Add(id);
        command.Add(reason);
        command.SetAction(
            (parsed, cancellationToken) =>
                SessionAction.RunAsync(
                    parsed,
                    common,
                    id,
                    terminal,
                    session => CloseAsync(session, parsed.GetValue(reason), terminal),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<string> CloseAsync(BudgetSession session, string? reason, CliTerminal terminal)
    {
        var command = new CloseCommand
        {
            Key = "close-" + Guid.CreateVersion7(terminal.Time.GetUtcNow()).ToString("N"),
            // The client closes for the session's owner; here somebody else stops it.
            IsStop = true,
            Reason = reason,
        };
        var answer = await session.Grain.CloseAsync(command);
        if (answer.Refusal is { } refusal)
            throw new CommandFailedException($"Session {session.Id} could not be closed: {Words.Of(refusal.Reason)}.");
        return $"Session {session.Id} {(answer.IsUnchanged ? "had ended already" : "has ended")}: {SessionAction.Standing(answer)}";
    }
}
