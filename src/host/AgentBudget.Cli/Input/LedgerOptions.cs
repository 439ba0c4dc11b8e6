using System.CommandLine;

namespace AgentBudget.Cli.Input;

/// <summary>The options that say which ledger a command looks at or acts on: an embedded one, or that of a server.</summary>
internal sealed class LedgerOptions
{
    private readonly Option<string> store = StoreAddress.OptionForLedger();

    private readonly Option<string> server = new("--server")
    {
        HelpName = "HOST:PORT",
        Description =
            "A running server instead: its port for clients, 30000 by default. That port is full trust: whoever reaches it may spend, "
            + "top up, pause and stop everything, and nothing asks who that is. Keep it on loopback or a private network.",
        Recursive = true,
    };

    private readonly Option<string> cluster = new("--cluster")
    {
        HelpName = "ID",
        Description = $"With --server: the cluster's id, as the server has it. Default: {ServerAddress.DefaultCluster}.",
        Recursive = true,
    };

    /// <summary>Adds them to a command, and to all within it.</summary>
    public void AddTo(Command command)
    {
        command.Add(store);
        command.Add(server);
        command.Add(cluster);
    }

    /// <summary>The ledger that a command line names; null when it names none, whatever is in the working directory.</summary>
    public LedgerAddress? ReadIfNamed(ParseResult parsed) =>
        new Option[] { store, server, cluster }.Any(option => parsed.GetResult(option) is { Implicit: false }) ? Read(parsed) : null;

    /// <summary>The ledger that a command line names.</summary>
    public LedgerAddress Read(ParseResult parsed)
    {
        if (parsed.GetValue(server) is not { } text)
        {
            return parsed.GetResult(cluster) is { Implicit: false }
                ? throw new UsageException("--cluster goes with --server, which names a server of that cluster.")
                : new LedgerAddress(StoreAddress.Required(parsed, store), null);
        }

        if (parsed.GetValue(store) is not null)
            throw new UsageException("--store and --server name two ledgers; leave one of them out.");
        return new LedgerAddress(null, ServerAddress.Parse(text, parsed.GetValue(cluster)));
    }
}

/// <summary>A ledger: an embedded one, or that of a server.</summary>
/// <param name="Store">The embedded one; null for a server's.</param>
/// <param name="Server">The server; null for an embedded one.</param>
internal sealed record LedgerAddress(StoreAddress? Store, ServerAddress? Server)
{
    /// <summary>The option that names it.</summary>
    public string Option =>
        Store is not null ? $"--store {Store}"
        : Server!.Cluster == ServerAddress.DefaultCluster ? $"--server {Server}"
        : $"--server {Server} --cluster {Server.Cluster}";

    /// <summary>What it is called in a sentence.</summary>
    public override string ToString() => Store?.ToString() ?? $"the server at {Server}";
}
