using System.CommandLine;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget sessions resume ID</c>.</summary>
internal static class SessionsResumeCommand
{
    public static Command Create(SessionsOptions common, CliTerminal terminal)
    {
        var command = new Command(
            "resume",
            "Lets go of a pause; without one, lets a session go on that was stopped for a loop or has money again."
        );
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
                        var answer = await session.ResumeAsync(parsed.GetValue(reason), cancellationToken);
                        return $"Session {session.Id} is resumed: {SessionAction.Standing(answer)}";
                    },
                    cancellationToken
                )
        );
        return command;
    }
}
