using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using AgentBudget.Cli.Commands;
using AgentBudget.Cli.Commands.Billing;
using AgentBudget.Cli.Commands.Events;
using AgentBudget.Cli.Commands.Tenants;
using AgentBudget.Cli.Commands.Webhooks;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli;

/// <summary>The whole of the tool: reads a command line, runs the command, answers with an exit code.</summary>
internal static class CommandLine
{
    // A trace may be called @run.jsonl; a file of arguments is nothing that this tool needs.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command line. Never throws.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        CliTerminal terminal,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            var parsed = Root(terminal).Parse(arguments, Parser);
            if (StrayWords.Find(parsed) is { } stray)
                throw new UsageException($"{stray} See: {NameOf(parsed.CommandResult.Command)} --help");
            if (StrayWords.FindBeforeSubcommand(parsed) is { } early)
                throw new UsageException(early);
            if (parsed.Action is ParseErrorAction)
                throw new UsageException($"{parsed.Errors[0].Message} See: {NameOf(parsed.CommandResult.Command)} --help");
            var invocation = new InvocationConfiguration { Output = terminal.Out, EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (Exception exception)
        {
            return Failures.Report(exception, terminal);
        }
    }

    /// <summary>All commands.</summary>
    internal static RootCommand Root(CliTerminal terminal)
    {
        var root = new RootCommand(
            "Hard dollar limits on AI-agent sessions. Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 paused or stopped, but not "
                + "all were reached yet."
        )
        {
            ReplayCommand.Create(terminal),
            LoopsCommand.Create(terminal),
            SessionsCommand.Create(terminal),
            ReportCommand.Create(terminal),
            EventsCommand.Create(terminal),
            WebhooksCommand.Create(terminal),
            BillingCommand.Create(terminal),
            TenantCommand.Create(terminal),
            PriceCommand.Create(terminal),
            MendCommand.Create(terminal),
            ModelsCommand.Create(terminal),
            PricingCommand.Create(terminal),
        };
        var help = (HelpAction)root.Options.OfType<HelpOption>().Single().Action!;
        help.MaxWidth = terminal.Screen.Profile.Width;
        // Who writes a name alone that does nothing wants to know what there is.
        foreach (var command in root.Subcommands.Where(command => command.Action is null).Prepend(root))
            command.SetAction(parsed => help.Invoke(parsed));
        return root;
    }

    /// <summary>How a command is called, such as <c>agentbudget sessions list</c>.</summary>
    internal static string NameOf(Command command)
    {
        var names = new List<string>();
        for (Symbol? symbol = command; symbol is Command and not RootCommand; symbol = symbol.Parents.FirstOrDefault())
            names.Insert(0, symbol.Name);
        return string.Join(' ', names.Prepend("agentbudget"));
    }
}
