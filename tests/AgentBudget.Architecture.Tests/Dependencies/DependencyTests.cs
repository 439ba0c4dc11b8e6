namespace AgentBudget.Architecture.Tests.Dependencies;

/// <summary>Dependencies point one way. Who may use whom is written here, and a new project has to be written in.</summary>
public sealed class DependencyTests
{
    private const string Ledger = "AgentBudget.Ledger";
    private const string Pricing = "AgentBudget.Pricing";
    private const string PricingImport = "AgentBudget.Pricing.Import";
    private const string PricingTokens = "AgentBudget.Pricing.Tokens";
    private const string Abstractions = "AgentBudget.Abstractions";
    private const string Orleans = "AgentBudget.Orleans";
    private const string Sqlite = "AgentBudget.Orleans.Sqlite";
    private const string PostgreSql = "AgentBudget.Orleans.PostgreSql";
    private const string Streams = "AgentBudget.Orleans.Streams";
    private const string Webhooks = "AgentBudget.Webhooks";
    private const string Billing = "AgentBudget.Billing";
    private const string Client = "AgentBudget.Client";
    private const string Http = "AgentBudget.Http";
    private const string ExtensionsAi = "AgentBudget.Extensions.AI";
    private const string Mcp = "AgentBudget.Mcp";
    private const string Embedded = "AgentBudget";
    private const string Replay = "AgentBudget.Replay";
    private const string Cli = "AgentBudget.Cli";
    private const string Server = "AgentBudget.Server";

    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        [Ledger] = [],
        // One Money and one TokenUsage: the price book speaks the ledger's.
        [Pricing] = [Ledger],
        // For whoever looks after prices: the tool, and a server that brings its own up to date.
        [PricingImport] = [Pricing],
        // Apart from the price book, which stays without packages.
        [PricingTokens] = [],
        [Abstractions] = [Ledger],
        [Orleans] = [Ledger, Pricing, Abstractions],
        [Sqlite] = [Ledger, Abstractions, Orleans],
        [PostgreSql] = [Ledger, Abstractions, Orleans],
        // Apart from the silo's, which goes without Orleans' streams.
        [Streams] = [Ledger, Abstractions, Orleans],
        // Apart from the silo's, which posts nothing.
        [Webhooks] = [Ledger, Abstractions, Orleans],
        // Apart from webhooks: whoever bills need not be posted events, and the other way round.
        [Billing] = [Ledger, Abstractions, Orleans],
        // Never the silo's project: a client travels without a server.
        [Client] = [Ledger, Pricing, PricingTokens, Abstractions],
        // No SDK of a vendor: what goes over the wire is read.
        [Http] = [Ledger, Pricing, PricingTokens, Abstractions, Client],
        // No SDK of a vendor here either, and not the wire: the two meet in the client's open call.
        [ExtensionsAi] = [Ledger, Pricing, PricingTokens, Abstractions, Client],
        [Mcp] = [Ledger, Pricing, PricingTokens, Abstractions, Client],
        [Embedded] = [Ledger, Pricing, PricingTokens, Abstractions, Orleans, Sqlite, Webhooks, Client],
        [Replay] = [Ledger, Pricing, PricingTokens, Abstractions, Orleans, Sqlite, Webhooks, Client, Embedded],
        [Cli] = [Ledger, Pricing, PricingTokens, Abstractions, Orleans, Sqlite, Webhooks, Billing, Client, Embedded, Replay, PricingImport],
        [Server] = [Ledger, Pricing, PricingImport, Abstractions, Orleans, Sqlite, PostgreSql, Webhooks, Billing],
    };

    // Folders of src: core <- contract <- silo, agent <- host.
    private static readonly Dictionary<string, string[]> FolderMayUse = new()
    {
        ["core"] = ["core"],
        ["contract"] = ["core", "contract"],
        ["silo"] = ["core", "contract", "silo"],
        ["agent"] = ["core", "contract", "agent"],
        ["host"] = ["core", "contract", "silo", "agent", "host"],
    };

    private static readonly Dictionary<string, string[]> MayTake = new()
    {
        // Only for the attributes that say how its types travel, and the code that is generated from them.
        [Ledger] = ["Microsoft.Orleans.Serialization"],
        [Pricing] = [],
        [PricingImport] = [],
        [PricingTokens] = ["Microsoft.ML.Tokenizers", "Microsoft.ML.Tokenizers.Data.O200kBase"],
        [Abstractions] = ["Microsoft.Orleans.Sdk"],
        [Client] = ["Microsoft.Orleans.Client", "Polly.Core"],
        [Webhooks] = ["CloudNative.CloudEvents.SystemTextJson", "Microsoft.AspNetCore.DataProtection"],
        [Billing] = ["CloudNative.CloudEvents.SystemTextJson", "Microsoft.Extensions.Http.Resilience"],
        [Http] = ["Microsoft.Extensions.Http", "System.ClientModel"],
        [ExtensionsAi] = ["Microsoft.Extensions.AI", "System.ClientModel"],
        [Mcp] = ["ModelContextProtocol"],
    };

    public static TheoryData<string> ListedPackages => new(MayTake.Keys);

    public static TheoryData<string> ProjectNames => new(Project.All.Select(project => project.Name));

    [Theory, MemberData(nameof(ProjectNames))]
    public void ProjectFile_References_PointDownwards(string name) => AssertPointsDownwards(name, Find(name).Projects);

    [Theory, MemberData(nameof(ProjectNames))]
    public void CompiledAssembly_References_PointDownwards(string name) => AssertPointsDownwards(name, Find(name).CompiledProjects());

    [Theory, MemberData(nameof(ProjectNames))]
    public void Folder_OfAProject_PointsDownwards(string name)
    {
        var project = Find(name);
        var used = project.Projects.Concat(project.CompiledProjects()).Select(each => Find(each).Folder).Distinct();
        Assert.Empty(used.Except(FolderMayUse[project.Folder]));
    }

    [Fact]
    public void Folders_OfSrc_AllHaveARule() =>
        Assert.Equal(Project.All.Select(project => project.Folder).Distinct().Order(), FolderMayUse.Keys.Order());

    // The page says whom a room may use; what those may use comes with them.
    [Theory, MemberData(nameof(ProjectNames))]
    public void ArchitecturePage_OfAProject_SaysWhomItMayUse(string name)
    {
        var said = SaidOf(name);
        Assert.Empty(said.Except(MayUse[name]));
        Assert.Empty(MayUse[name].Except(Reachable(name)));
    }

    [Theory, MemberData(nameof(ListedPackages))]
    public void ProjectFile_Packages_AreTheFewAllowed(string name) => Assert.Empty(Find(name).Packages.Except(MayTake[name]));

    [Theory]
    [InlineData(Ledger)]
    [InlineData(Pricing)]
    [InlineData(PricingImport)]
    [InlineData(PricingTokens)]
    public void CompiledAssembly_OfThePureRooms_UsesTheBaseClassLibraryAndItsFewPackagesAlone(string name) =>
        Assert.DoesNotContain(
            Find(name).CompiledReferences(),
            reference =>
                !reference.StartsWith("System.", StringComparison.Ordinal)
                && !reference.StartsWith("Orleans.Serialization", StringComparison.Ordinal)
                && !(name == PricingTokens && reference.StartsWith("Microsoft.ML.Tokenizers", StringComparison.Ordinal))
                && !MayUse[name].Contains(reference)
        );

    [Theory]
    [InlineData(Abstractions)]
    [InlineData(Client)]
    [InlineData(Http)]
    [InlineData(ExtensionsAi)]
    [InlineData(Mcp)]
    public void CompiledAssembly_OfTheClientSide_UsesNoServer(string name)
    {
        var server = new[] { "Orleans.Runtime", "Orleans.Server", "Microsoft.Data.Sqlite", "Npgsql" };
        Assert.Empty(Find(name).CompiledReferences().Intersect(server));
    }

    [Fact]
    public void Rules_EveryProjectOfSrc_HasOne() => Assert.Equal(Project.All.Select(project => project.Name).Order(), MayUse.Keys.Order());

    private static void AssertPointsDownwards(string name, IEnumerable<string> used) => Assert.Empty(used.Except(MayUse[name]));

    // The last column of the room's row, where names stand without what they all begin with; "Orleans" is the silo's project.
    private static string[] SaidOf(string name)
    {
        var row = Repository.Lines("ARCHITECTURE.md").Single(line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal));
        return
        [
            .. row.Trim('|').Split('|')[^1].Split(',', StringSplitOptions.TrimEntries).Where(word => word != "nothing").Select(FullName),
        ];
    }

    private static string FullName(string word) =>
        MayUse.Keys.SingleOrDefault(name => name == word || name == $"AgentBudget.{word}" || name == $"AgentBudget.Orleans.{word}")
        ?? throw new InvalidOperationException($"ARCHITECTURE.md names a room {word}, which no project is.");

    private static IEnumerable<string> Reachable(string name) => SaidOf(name).SelectMany(used => Reachable(used).Append(used)).Distinct();

    private static Project Find(string name) => Project.All.Single(project => project.Name == name);
}
