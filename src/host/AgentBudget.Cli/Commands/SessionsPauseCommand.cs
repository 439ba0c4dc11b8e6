using System.CommandLine;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget sessions pause ID</c>.</summary>
internal static class SessionsPauseCommand
{
    public static Command Create(SessionsOptions common, CliTerminal terminal)
    {
        var command = new Command("pause", "Pauses a session and its children: no new money until it is resumed.");
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
                    async session =>
                    {
                        var answer = await session.PauseAsync(parsed.GetValue(reason), cancellationToken);
                        return $"Session {session.Id} {(answer.IsUnchanged ? "was paused already" : "is paused")}: {SessionAction.Standing(answer)}";
                    },
                    cancellationToken
                )
        );
        return command;
    }
}
