using System.CommandLine;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Commands;

/// <summary>The commands that act on one session: <c>agentbudget sessions pause|resume|top-up|close ID</c>.</summary>
internal static class SessionActions
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All(SessionsOptions common, CliTerminal terminal) =>
        [Pause(common, terminal), Resume(common, terminal), TopUp(common, terminal), Close(common, terminal)];

    private static Command Pause(SessionsOptions common, CliTerminal terminal) =>
        SessionAction.Create(
            "pause",
            "Pauses a session and its children: no new money until it is resumed.",
            common,
            terminal,
            async (session, reason, cancellationToken) =>
            {
                var answer = await session.PauseAsync(reason, cancellationToken);
                return $"Session {session.Id} {(answer.IsUnchanged ? "was paused already" : "is paused")}: "
                    + $"{SessionAction.Standing(answer)}";
            }
        );

    private static Command Resume(SessionsOptions common, CliTerminal terminal) =>
        SessionAction.Create(
            "resume",
            "Lets go of a pause; without one, lets a session go on that was stopped for a loop or has money again.",
            common,
            terminal,
            async (session, reason, cancellationToken) =>
            {
                var answer = await session.ResumeAsync(reason, cancellationToken);
                return $"Session {session.Id} is resumed: {SessionAction.Standing(answer)}";
            }
        );

    private static Command TopUp(SessionsOptions common, CliTerminal terminal)
    {
        var amount = new Argument<string>("AMOUNT") { Description = "Dollars to add, such as 5.00." };
        return SessionAction.Create(
            "top-up",
            "Raises the budget of a session. Above what is spent, an exhausted session goes on.",
            common,
            terminal,
            [amount],
            parsed =>
            {
                var added = Inputs.Dollars("AMOUNT", parsed.GetRequiredValue(amount));
                return async (session, reason, cancellationToken) =>
                {
                    var answer = await session.TopUpAsync(added.ToDecimalString(), reason, cancellationToken);
                    var goesOn = answer.Signals.HasFlag(EntrySignals.BreakerClosed) ? " and goes on" : "";
                    return $"Session {session.Id} has {added} more{goesOn}: {SessionAction.Standing(answer)}";
                };
            }
        );
    }

    private static Command Close(SessionsOptions common, CliTerminal terminal) =>
        SessionAction.Create(
            "close",
            "Ends a session: open reservations are released, and nothing new is authorised.",
            common,
            terminal,
            async (session, reason, cancellationToken) =>
            {
                var answer = await session.StopAsync(reason, cancellationToken);
                return $"Session {session.Id} {(answer.IsUnchanged ? "had ended already" : "has ended")}: {SessionAction.Standing(answer)}";
            }
        );
}
