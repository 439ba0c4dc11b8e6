using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Webhooks;

/// <summary><c>agentbudget webhooks list</c>.</summary>
internal static class WebhooksListCommand
{
    public static Command Create(WebhookOptions common, CliTerminal terminal)
    {
        var command = new Command("list", "Lists the endpoints: whether they are posted to, what waits, how far behind they are.");
        var tenant = new Option<string>("--tenant") { HelpName = "PATH", Description = "Only those of this tenant and of all below it." };
        command.Add(tenant);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var within = Inputs.Tenant("--tenant", parsed.GetValue(tenant));
                var endpoints = await common.ActAsync(
                    parsed,
                    terminal,
                    webhooks => webhooks.ListAsync(within, cancellationToken),
                    cancellationToken
                );
                if (parsed.GetValue(common.Json))
                {
                    foreach (var endpoint in endpoints)
                        terminal.Out.WriteLine(WebhookJson.Of(endpoint, secret: null));
                }
                else if (endpoints.Count == 0)
                    terminal.Screen.WriteText("No endpoints.");
                else
                    WebhookView.WriteRows(terminal.Screen, endpoints);
            }
        );
        return command;
    }
}
