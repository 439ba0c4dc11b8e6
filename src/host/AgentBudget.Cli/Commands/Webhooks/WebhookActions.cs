using System.CommandLine;
using System.Globalization;
using AgentBudget.Cli.Commands.Events;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Webhooks;

/// <summary>The commands on one endpoint: <c>agentbudget webhooks test|log|pause|resume|replay|rotate|remove ID</c>.</summary>
internal static class WebhookActions
{
    private const int DefaultAttempts = 20;
    private const int MostAttempts = 1_000;

    public static IEnumerable<Command> All(WebhookOptions common, CliTerminal terminal) =>
        [
            Test(common, terminal),
            Log(common, terminal),
            Changing(
                "pause",
                "Posts nothing to it any more, and keeps all that comes until it is resumed.",
                "is paused; what comes is kept",
                common,
                terminal,
                (webhooks, id, token) => webhooks.PauseAsync(id, token)
            ),
            Changing(
                "resume",
                "Goes on with an endpoint that was paused or disabled, where it was.",
                "is posted to again",
                common,
                terminal,
                (webhooks, id, token) => webhooks.ResumeAsync(id, token)
            ),
            Replay(common, terminal),
            Rotate(common, terminal),
            Remove(common, terminal),
        ];

    private static Command Test(WebhookOptions common, CliTerminal terminal)
    {
        var (command, id) = Named(
            "test",
            "Posts it a test, once and at once, and says what came of it. Exit code 1 where it is not taken."
        );
        command.SetAction(
            async (parsed, token) =>
            {
                var name = parsed.GetRequiredValue(id);
                var attempt = await common.ActAsync(parsed, terminal, webhooks => webhooks.TestAsync(name, token), token);
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(WebhookJson.Of(attempt));
                else
                    terminal.Screen.WriteText(WebhookView.Said(name, attempt));
                return attempt.IsAccepted ? ExitCodes.Ok : ExitCodes.Failed;
            }
        );
        return command;
    }

    private static Command Log(WebhookOptions common, CliTerminal terminal)
    {
        var (command, id) = Named("log", "Shows the last attempts to post something to it, newest first.");
        var limit = new Option<string>("--limit")
        {
            HelpName = "N",
            Description = $"How many at most, from 1 to {MostAttempts}. Default {DefaultAttempts}.",
        };
        command.Add(limit);
        command.SetAction(
            async (parsed, token) =>
            {
                var count = Inputs.Count("--limit", parsed.GetValue(limit), DefaultAttempts, 1, MostAttempts);
                var name = parsed.GetRequiredValue(id);
                var attempts = await common.ActAsync(parsed, terminal, webhooks => webhooks.AttemptsAsync(name, count, token), token);
                if (parsed.GetValue(common.Json))
                {
                    foreach (var attempt in attempts)
                        terminal.Out.WriteLine(WebhookJson.Of(attempt));
                }
                else if (attempts.Count == 0)
                    terminal.Screen.WriteText("No attempts.");
                else
                    WebhookView.WriteRows(terminal.Screen, attempts);
            }
        );
        return command;
    }

    private static Command Replay(WebhookOptions common, CliTerminal terminal)
    {
        var (command, id) = Named("replay", "Posts everything again from a time or a position on, oldest first, under the same ids.");
        var since = new Option<string>("--since")
        {
            HelpName = "TIME",
            Description = "From this on: a time such as 2026-11-29T08:00Z, or an age such as 30m or 24h.",
        };
        var position = new Option<string>("--position")
        {
            HelpName = "PARTITION:POSITION",
            Description = "From this row of the feed on, such as 0:17.",
        };
        command.Add(since);
        command.Add(position);
        command.SetAction(
            async (parsed, token) =>
            {
                var name = parsed.GetRequiredValue(id);
                var move = ReadMove(parsed.GetValue(since), parsed.GetValue(position), terminal.Time.GetUtcNow());
                var endpoint = await common.ActAsync(parsed, terminal, webhooks => move(webhooks, name, token), token);
                Say(parsed, common, terminal, endpoint, $"is {Facts.Number(endpoint.Behind)} rows of the feed behind, and gets them again");
            }
        );
        return command;
    }

    private static Func<WebhookDirectory, string, CancellationToken, Task<WebhookEndpoint>> ReadMove(
        string? since,
        string? position,
        DateTimeOffset now
    )
    {
        if (since is null == position is null)
            throw new UsageException("Say from where: --since with a time, or --position with a row of the feed.");
        if (since is not null)
        {
            var time = EventsOptions.TimeOf(since, now);
            return (webhooks, id, token) => webhooks.ReplayAsync(id, time, token);
        }

        var parts = position!.Split(':');
        if (
            parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var row)
        )
            throw new UsageException($"--position \"{position}\" is no row of the feed; write partition and position, such as 0:17.");
        return (webhooks, id, token) => webhooks.ReplayAsync(id, partition, row, token);
    }

    private static Command Rotate(WebhookOptions common, CliTerminal terminal)
    {
        var (command, id) = Named(
            "rotate",
            "Gives it a new secret, and shows it, this once; the one before signs as well for another day."
        );
        command.SetAction(
            async (parsed, token) =>
            {
                var name = parsed.GetRequiredValue(id);
                var (endpoint, secret) = await common.ActAsync(
                    parsed,
                    terminal,
                    async webhooks =>
                    {
                        // The secret last: behind it nothing can fail before it is shown.
                        var found = await webhooks.FindAsync(name, token);
                        return (found, await webhooks.RotateAsync(name, token));
                    },
                    token
                );
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(WebhookJson.Of(endpoint, secret));
                else
                    WebhookView.WriteFacts(terminal.Screen, endpoint, secret);
            }
        );
        return command;
    }

    private static Command Remove(WebhookOptions common, CliTerminal terminal)
    {
        var (command, id) = Named("remove", "Lets it go, with all that waits for it.");
        command.SetAction(
            async (parsed, token) =>
            {
                var name = parsed.GetRequiredValue(id);
                var endpoint = await common.ActAsync(
                    parsed,
                    terminal,
                    async webhooks =>
                    {
                        var before = await webhooks.FindAsync(name, token);
                        await webhooks.RemoveAsync(name, token);
                        return before;
                    },
                    token
                );
                Say(parsed, common, terminal, endpoint, "is removed");
            }
        );
        return command;
    }

    private static Command Changing(
        string name,
        string description,
        string said,
        WebhookOptions common,
        CliTerminal terminal,
        Func<WebhookDirectory, string, CancellationToken, Task<WebhookEndpoint>> change
    )
    {
        var (command, id) = Named(name, description);
        command.SetAction(
            async (parsed, token) =>
            {
                var endpoint = await common.ActAsync(
                    parsed,
                    terminal,
                    webhooks => change(webhooks, parsed.GetRequiredValue(id), token),
                    token
                );
                Say(parsed, common, terminal, endpoint, said);
            }
        );
        return command;
    }

    private static (Command Command, Argument<string> Id) Named(string name, string description)
    {
        var (command, id) = (new Command(name, description), WebhookOptions.Id());
        command.Add(id);
        return (command, id);
    }

    private static void Say(ParseResult parsed, WebhookOptions common, CliTerminal terminal, WebhookEndpoint endpoint, string said)
    {
        if (parsed.GetValue(common.Json))
            terminal.Out.WriteLine(WebhookJson.Of(endpoint, secret: null));
        else
            terminal.Screen.WriteText($"Webhook {endpoint.Id} {said}.");
    }
}
