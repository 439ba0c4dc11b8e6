using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands.Webhooks;

/// <summary><c>agentbudget webhooks add URL</c>.</summary>
internal sealed class WebhooksAddCommand
{
    private readonly Argument<string> url = new("URL")
    {
        Description = "Where to post: an https address whose name leads to public addresses.",
    };

    private readonly Option<string> tenant = new("--tenant")
    {
        HelpName = "PATH",
        Description = "Only events of this tenant and of all below it. Default: the whole ledger's.",
    };

    private readonly Option<string[]> types = new("--type")
    {
        HelpName = "NAME",
        Description = "Only those of this type, such as limit.soft; may be said several times.",
    };

    private readonly Option<string> id = new("--id")
    {
        HelpName = "ID",
        Description = "Its id; one that is there is changed. Default: one is made.",
    };

    private readonly Option<string> secret = new("--secret")
    {
        HelpName = "SECRET",
        Description = "The secret. Default: one is made. What is on a command line, others on the machine may see.",
    };

    private readonly Option<string> description = new("--description") { HelpName = "TEXT", Description = "What it is for." };

    private WebhooksAddCommand() { }

    public static Command Create(WebhookOptions common, CliTerminal terminal)
    {
        var command = new Command(
            "add",
            "Adds an endpoint, which is posted what happens from then on, and shows the secret that its posts are signed with, this once."
        );
        var options = new WebhooksAddCommand();
        command.Add(options.url);
        foreach (var option in new Option[] { options.tenant, options.types, options.id, options.secret, options.description })
            command.Add(option);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = options.Read(parsed);
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

    private WebhookSettings Read(ParseResult parsed)
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
        try
        {
            settings.Validate();
            return settings;
        }
        catch (ArgumentException refused)
        {
            throw new UsageException(refused.Message);
        }
    }
}
