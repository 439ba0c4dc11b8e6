using AgentBudget;
using AgentBudget.Cli.Terminal;
using Quickstart;

// Three recorded runs of real agents against small budgets, on a ledger of this program's own: a silo in this process, with SQLite.
var screen = Consoles.For(Console.Out, !Console.IsOutputRedirected);
var folder = Directory.CreateTempSubdirectory("agentbudget-quickstart-").FullName;
screen.WritePlainLine($"Ledger: {folder} (SQLite; it stays there, look at it or delete it)");

await using var replayer = await Replayer.StartAsync(folder);
await new Showing(replayer, screen).RunAsync(
    "1. A run that fits its budget",
    "mini-gemini3-django-django-11163.jsonl",
    new ReplaySettings { Budget = Money.Parse("$0.50") }
);
await new Showing(replayer, screen).RunAsync(
    "2. A run that is stopped at its hard limit, before the call that does not fit",
    "mini-gemini3-django-django-12741.jsonl",
    new ReplaySettings { Budget = Money.Parse("$0.10") }
);
await new Showing(replayer, screen).RunAsync(
    "3. A run that makes the same failing edits again and again, stopped for a loop",
    "trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004.jsonl",
    new ReplaySettings { Budget = Money.Parse("$1.00") }
);

screen.WritePlainLine("");
screen.WritePlainLine("All three are in the ledger now. To look again, from the root of the repository:");
screen.WritePlainLine($"  dotnet run --project src/host/AgentBudget.Cli -- sessions list --store sqlite:{folder}");
