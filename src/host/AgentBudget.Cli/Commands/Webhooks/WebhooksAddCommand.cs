using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Webhooks;

/// <summary><c>agentbudget webhooks add URL</c>.</summary>
internal static class WebhooksAddCommand
{
    public static Command Create(WebhookOptions common, CliTerminal terminal)
    {
        var command = new Command(
            "add",
            "Adds an endpoint, which is posted what happens from then on, and shows the secret that its posts are signed with, this once."
        );
        var url = new Argument<string>("URL") { Description = "Where to post: an https address whose name leads to public addresses." };
        var tenant = new Option<string>("--tenant")
        {
            HelpName = "PATH",
            Description = "Only events of this tenant and of all below it. Default: the whole ledger's.",
        };
        var types = new Option<string[]>("--type")
        {
            HelpName = "NAME",
            Description = "Only those of this type, such as limit.soft; may be said several times.",
        };
        var id = new Option<string>("--id")
        {
            HelpName = "ID",
            Description = "Its id; one that is there is changed. Default: one is made.",
        };
        var secret = new Option<string>("--secret")
        {
            HelpName = "whsec_…",
            Description = "The secret. Default: one is made. What is on a command line, others on the machine may see.",
        };
        var description = new Option<string>("--description") { HelpName = "TEXT", Description = "What it is for." };
        command.Add(url);
        foreach (var option in new Option[] { tenant, types, id, secret, description })
            command.Add(option);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = new WebhookSettings
                {
                    Id = parsed.GetValue(id),
                    Url = parsed.GetRequiredValue(url),
                    Tenant = Inputs.Tenant("--tenant", parsed.GetValue(tenant)),
                    Types = parsed.GetValue(types) ?? [],
                    Secret = parsed.GetValue(secret),
                    Description = parsed.GetValue(description),
                };
                Validate(settings);
                var answer = await common.ActAsync(
                    parsed,
                    terminal,
                    webhooks => webhooks.SetAsync(settings, cancellationToken),
                    cancellationToken
                );
                if (parsed.GetValue(common.Json))
                    terminal.Out.WriteLine(WebhookJson.Of(answer.Endpoint, answer.Secret));
                else
                    WebhookView.WriteFacts(terminal.Screen, answer.Endpoint, answer.Secret);
            }
        );
        return command;
    }

    private static void Validate(WebhookSettings settings)
    {
        try
        {
            settings.Validate();
        }
        catch (ArgumentException refused)
        {
            throw new UsageException(refused.Message);
        }
    }
}
