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
                var done = answer.IsUnchanged ? "was paused already" : "is paused";
                var left = answer.ChildrenNotReached == 0 ? "" : $", {answer.ChildrenNotReached} of its children were not reached yet";
                return Acted.Paused(answer, $"Session {session.Id} {done}{left}: {SessionAction.Standing(answer)}");
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
                return new Acted(answer, $"Session {session.Id} is resumed: {SessionAction.Standing(answer)}");
            }
        );

    private static Command TopUp(SessionsOptions common, CliTerminal terminal)
    {
        var amount = new Argument<string>("AMOUNT") { Description = "Dollars to add, such as 5.00." };
        var key = KeyOptions.Key();
        return SessionAction.Create(
            "top-up",
            "Raises the budget of a session. Above what is spent, an exhausted session goes on.",
            common,
            terminal,
            [amount, key],
            parsed =>
            {
                var added = Inputs.Dollars("AMOUNT", parsed.GetRequiredValue(amount));
                var once = KeyOptions.Read(parsed, key, terminal.Time);
                return (
                    async (session, reason, cancellationToken) =>
                    {
                        var answer = await session.TopUpAsync(added, reason, once, cancellationToken);
                        var goesOn = answer.Signals.HasFlag(EntrySignals.BreakerClosed) ? " and goes on" : "";
                        return new Acted(answer, $"Session {session.Id} has {added} more{goesOn}: {SessionAction.Standing(answer)}");
                    },
                    once
                );
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
                var done = answer.IsUnchanged ? "had ended already" : "has ended";
                return new Acted(answer, $"Session {session.Id} {done}: {SessionAction.Standing(answer)}");
            }
        );
}
