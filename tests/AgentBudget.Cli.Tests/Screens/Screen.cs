using System.CommandLine;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Cli.Tests.Screens;

/// <summary>A command line whose screen is looked at.</summary>
/// <param name="Command">The command, as <c>agentbudget</c> and the names behind it.</param>
/// <param name="Arguments">What follows; see <see cref="Stage.Set"/>.</param>
/// <param name="ExitCode">What it answers.</param>
public sealed record Screen(string Command, string[] Arguments, int ExitCode = 0)
{
    private const string Loop = "{trace:trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004.jsonl}";
    private const string Fits = "{trace:mini-gemini3-django-django-11163.jsonl}";
    private const string Longer = "{trace:mini-gemini3-django-django-12741.jsonl}";
    private const string Ledger = "sqlite:{ledger}";
    private const string Damaged = "sqlite:{damaged}";

    // No test asks a site of somebody else's; what an update shows is looked at in PricingUpdateTests.
    private static readonly string[] Nowhere =
    [
        .. new PriceCollections().Addresses.Keys.SelectMany(name => new[] { "--source", $"{name}=http://127.0.0.1:9/none" }),
    ];

    /// <summary>All that are looked at; every command has one, and those that say different things more.</summary>
    public static readonly Screen[] All =
    [
        new("agentbudget", []),
        new("agentbudget replay", [Fits, Longer, Loop, "--budget", "0.10"]),
        new("agentbudget replay", [Longer, "--budget", "0.10"]),
        new("agentbudget replay", ["{dear.jsonl}", Fits, "--budget", "500000.123456789"]),
        new("agentbudget loops", [Loop, Fits]),
        new("agentbudget loops", ["{dear.jsonl}", Fits]),
        new("agentbudget price", ["gpt-5", "--input", "1000", "--output", "200"]),
        new("agentbudget price", ["gpt-image-1", "--input", "1000", "--output", "200"]),
        new("agentbudget price", ["no-such-model", "--input", "1"], ExitCode: 1),
        new("agentbudget price", ["--response", "{final.sse}"]),
        new("agentbudget price", ["--response", "{cut.sse}"]),
        new("agentbudget price", ["--response", "{silent.json}"], ExitCode: 1),
        new("agentbudget price", ["--response", "{routed.json}"]),
        new("agentbudget price", ["--response", "{advised.json}"]),
        new("agentbudget models", ["sonnet"]),
        new("agentbudget models", ["claude-opus", "--verbose"]),
        new("agentbudget models", ["gpt-5.6", "--verbose"]),
        new("agentbudget models", ["gemini-2.5", "--verbose"]),
        new("agentbudget pricing", []),
        new("agentbudget pricing check", ["{table}"]),
        new("agentbudget pricing check", ["{bad}"], ExitCode: 1),
        new("agentbudget pricing update", ["--to", "{prices}", .. Nowhere], ExitCode: 1),
        new("agentbudget pricing import", ["--from", "{sources}", "--to", "{table}"], ExitCode: 1),
        new(
            "agentbudget pricing import",
            ["--from", "{sources}", "--to", "{table}", "--allow", "jumps", "--allow", "vanishes", "--accept"]
        ),
        new("agentbudget sessions", ["--store", Ledger]),
        new("agentbudget sessions list", ["--limit", "1", "--store", Ledger]),
        new("agentbudget sessions list", ["--tenant", "nobody", "--store", Ledger]),
        new("agentbudget sessions show", [Stage.LongId, "--store", Ledger]),
        new("agentbudget sessions pause", [Stage.LongId, "--store", Ledger]),
        new("agentbudget sessions resume", ["paused", "--store", Ledger]),
        new("agentbudget sessions resume", ["spent", "--store", Ledger], ExitCode: 1),
        new("agentbudget sessions top-up", [Stage.LongId, "5", "--store", Ledger]),
        new("agentbudget sessions close", [Stage.LongId, "--store", Ledger]),
        new("agentbudget report", [Stage.LongId, "--store", Ledger]),
        new("agentbudget report", ["spent", "--store", Ledger]),
        new("agentbudget report", ["dear", "--store", Ledger]),
        new("agentbudget events", ["--limit", "3", "--store", Ledger]),
        new("agentbudget events verify", ["{bad}"], ExitCode: 1),
        new("agentbudget webhooks", []),
        new(
            "agentbudget webhooks add",
            ["https://hook.invalid/a", "--id", "b", "--type", "limit.soft", "--secret", Stage.Secret, "--store", Ledger]
        ),
        new("agentbudget webhooks list", ["--store", Ledger]),
        new("agentbudget webhooks list", ["--tenant", "nobody", "--store", Ledger]),
        new("agentbudget webhooks test", [Stage.Webhook, "--store", Ledger], ExitCode: 1),
        new("agentbudget webhooks log", [Stage.Webhook, "--store", Ledger]),
        new("agentbudget webhooks pause", [Stage.Webhook, "--store", Ledger]),
        new("agentbudget webhooks resume", [Stage.Webhook, "--store", Ledger]),
        new("agentbudget webhooks replay", [Stage.Webhook, "--since", "24h", "--store", Ledger]),
        new("agentbudget webhooks rotate", ["none-of-this-name", "--store", Ledger], ExitCode: 1),
        new("agentbudget webhooks remove", [Stage.Webhook, "--store", Ledger]),
        new("agentbudget billing", []),
        new("agentbudget billing export", ["--to", "lines", "--file", "{costs.jsonl}", "--store", Ledger]),
        new(
            "agentbudget billing compare",
            [
                "--to",
                "stripe",
                "--meter",
                "mtr_1",
                "--customer",
                "cus_1",
                "--key-file",
                "{key}",
                "--url",
                "http://127.0.0.1:9",
                "--store",
                Ledger,
            ],
            ExitCode: 1
        ),
        new("agentbudget billing dead", ["bill", "--server", "127.0.0.1:9"], ExitCode: 1),
        new("agentbudget tenant", []),
        new("agentbudget tenant set", [Stage.Tenant, "--monthly", "750", "--daily", "none", "--by", "alice", "--store", Ledger]),
        new("agentbudget tenant set", [Stage.Tenant, "--daily", "0.50", "--session-budget", "2", "--by", "alice", "--store", Ledger]),
        new("agentbudget tenant set", [Stage.Tenant, "--monthly", "500.123456789", "--by", "alice", "--store", Ledger]),
        new("agentbudget tenant show", [Stage.Tenant, "--store", Ledger]),
        new("agentbudget tenant report", [Stage.Tenant, "--store", Ledger]),
        new("agentbudget tenant report", ["nobody", "--store", Ledger], ExitCode: 1),
        new("agentbudget tenant sessions", [Stage.Tenant, "--limit", "1", "--store", Ledger]),
        new("agentbudget tenant sessions", ["nobody", "--store", Ledger], ExitCode: 1),
        new("agentbudget tenant pause", [Stage.Tenant, "--by", "alice", "--reason", "runaway", "--store", Ledger]),
        new("agentbudget tenant stop", [Stage.Tenant, "--by", "alice", "--reason", "runaway", "--within", "5s", "--store", Ledger]),
        new("agentbudget tenant resume", [Stage.Tenant, "--by", "alice", "--store", Ledger], ExitCode: 1),
        new("agentbudget tenant top-up", [Stage.Tenant, "50", "--window", "month", "--by", "alice", "--store", Ledger]),
        new("agentbudget tenant top-up", [Stage.Tenant, "50", "--by", "alice", "--store", Ledger], ExitCode: 1),
        new("agentbudget mend", ["--store", Ledger]),
        new("agentbudget mend", ["--store", Damaged], ExitCode: 1),
        new("agentbudget mend", ["--store", Damaged, "--accept-loss"]),
    ];

    /// <summary>All commands that there are.</summary>
    public static IEnumerable<Command> Commands()
    {
        var waiting = new Queue<Command>([CommandLine.Root(CliTerminal.For(TextWriter.Null, TextWriter.Null))]);
        while (waiting.TryDequeue(out var command))
        {
            yield return command;
            foreach (var inner in command.Subcommands)
                waiting.Enqueue(inner);
        }
    }

    /// <summary>The whole command line behind the tool's name.</summary>
    public string[] Line => [.. Command.Split(' ').Skip(1), .. Arguments];

    public override string ToString() => $"{Command} {string.Join(' ', Arguments)}";
}
