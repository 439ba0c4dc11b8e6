using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;

namespace AgentBudget.Cli.Commands.Webhooks;

/// <summary><c>agentbudget webhooks</c>: the endpoints that events are posted to.</summary>
internal static class WebhooksCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var common = new WebhookOptions();
        var command = new Command(
            "webhooks",
            "Adds, lists, tests, pauses and replays the endpoints that events are posted to, in a ledger or on a running server."
        );
        common.Ledger.AddTo(command);
        command.Add(common.Json);
        command.Add(WebhooksAddCommand.Create(common, terminal));
        command.Add(WebhooksListCommand.Create(common, terminal));
        foreach (var action in WebhookActions.All(common, terminal))
            command.Add(action);
        return command;
    }
}

/// <summary>What all commands on webhooks share.</summary>
internal sealed class WebhookOptions
{
    public LedgerOptions Ledger { get; } = new();

    public Option<bool> Json { get; } = new("--json") { Description = "Write JSON, one object a line.", Recursive = true };

    /// <summary>The argument that names an endpoint.</summary>
    public static Argument<string> Id() => new("ID") { Description = "The endpoint's id, as \"agentbudget webhooks list\" shows it." };

    /// <summary>Opens the ledger, and does something with its endpoints.</summary>
    public async Task<T> ActAsync<T>(
        ParseResult parsed,
        CliTerminal terminal,
        Func<WebhookDirectory, Task<T>> act,
        CancellationToken cancellationToken
    )
    {
        var address = Ledger.Read(parsed);
        await using var ledger = await address.OpenAsync(terminal.Time, _ => Task.CompletedTask, cancellationToken);
        try
        {
            return await ledger.ActAsync(() => act(ledger.Client.Webhooks), "webhooks list");
        }
        catch (ArgumentException refused)
        {
            throw new CommandFailedException(refused.Message);
        }
    }
}
