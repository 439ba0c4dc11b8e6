using System.CommandLine;
using AgentBudget.Billing.Customers;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Commands.Billing;

/// <summary>The options that say where costs go, and who pays.</summary>
internal sealed class ExportSettings
{
    /// <summary>The word for standard output.</summary>
    public const string StandardOutput = "-";

    private readonly Option<string> to = new("--to")
    {
        HelpName = "SYSTEM",
        Description = "Where to: lines (a file, one cost a line), openmeter, stripe, lago or orb.",
        Required = true,
    };

    private readonly Option<string> file = new("--file")
    {
        HelpName = "FILE",
        Description = "With lines: the file that they are appended to; - for standard output.",
    };

    private readonly Option<string> url = new("--url")
    {
        HelpName = "URL",
        Description = "The billing system's address. Default: the vendor's own.",
    };

    private readonly Option<string> keyFile = new("--key-file")
    {
        HelpName = "FILE",
        Description = "A file with the billing system's key in it: what is on a command line, others on the machine may see.",
    };

    private readonly Option<string> eventName = new("--event-name")
    {
        HelpName = "NAME",
        Description = "What the billing system's meter calls these events. Default: agentbudget_cost.",
    };

    private readonly Option<string> maxAge = new("--max-age")
    {
        HelpName = "TIME",
        Description = "How old a cost may be to be sent, such as 12h. Default: what the billing system states.",
    };

    private readonly Option<string> name = new("--name")
    {
        HelpName = "NAME",
        Description = "The export's name, under which the ledger keeps its place. Default: cli-SYSTEM.",
    };

    private readonly Option<string> customers = new("--customers")
    {
        HelpName = "FILE",
        Description = "A JSON object of customers by the path of their tenant; ~ stands for sessions without one.",
    };

    private readonly Option<string> customer = new("--customer")
    {
        HelpName = "ID",
        Description = "Who pays for all others. Default: nobody; what they cost is kept as dead letters.",
    };

    private readonly Option<bool> onlyNew = new("--only-new")
    {
        Description = "The first time: begin with costs to come. Default: with the oldest that are kept.",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { to, file, url, keyFile, eventName, maxAge, name, customers, customer, onlyNew })
            command.Add(option);
    }

    /// <summary>Reads them.</summary>
    public BillingExportOptions Read(ParseResult parsed)
    {
        var export = new BillingExportOptions
        {
            Name = parsed.GetValue(name) ?? $"cli-{parsed.GetValue(to)}",
            To = Inputs.Word(
                "--to",
                parsed.GetValue(to),
                ("lines", BillingTarget.Lines),
                ("openmeter", BillingTarget.OpenMeter),
                ("stripe", BillingTarget.Stripe),
                ("lago", BillingTarget.Lago),
                ("orb", BillingTarget.Orb)
            ),
            Path = parsed.GetValue(file),
            Url = parsed.GetValue(url),
            Key = parsed.GetValue(keyFile) is { } path ? File.ReadAllText(path).Trim() : null,
            EventName = parsed.GetValue(eventName) ?? new BillingExportOptions().EventName,
            MaxAge = parsed.GetValue(maxAge) is { } age
                ? Inputs.Duration("--max-age", age, default, (TimeSpan.FromHours(1), TimeSpan.FromDays(3_650)))
                : null,
            Customers = ReadCustomers(parsed.GetValue(customers)),
            DefaultCustomer = parsed.GetValue(customer),
            FromStart = !parsed.GetValue(onlyNew),
        };
        try
        {
            export.Validate();
            return export;
        }
        catch (ArgumentException refused)
        {
            throw new UsageException(refused.Message);
        }
    }

    private static Dictionary<string, string> ReadCustomers(string? path)
    {
        try
        {
            return path is null ? [] : CustomerFile.Read(path);
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException($"--customers {wrong.Message}");
        }
    }
}
