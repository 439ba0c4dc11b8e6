using System.CommandLine;
using System.Text.Json;
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
        Description = "Where to: lines (a file, one cost a line).",
        Required = true,
    };

    private readonly Option<string> file = new("--file")
    {
        HelpName = "FILE",
        Description = "With lines: the file that they are appended to; - for standard output.",
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
        foreach (var option in new Option[] { to, file, name, customers, customer, onlyNew })
            command.Add(option);
    }

    /// <summary>Reads them.</summary>
    public BillingExportOptions Read(ParseResult parsed)
    {
        var target = Inputs.Word("--to", parsed.GetValue(to), ("lines", BillingTarget.Lines));
        var export = new BillingExportOptions
        {
            Name = parsed.GetValue(name) ?? $"cli-{parsed.GetValue(to)}",
            To = target,
            Path = parsed.GetValue(file),
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
        if (path is null)
            return [];
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [];
        }
        catch (JsonException exception)
        {
            throw new UsageException(
                $"--customers {path} is no JSON object of texts, such as {{\"acme\": \"cus_1\"}}: {exception.Message}"
            );
        }
    }
}
