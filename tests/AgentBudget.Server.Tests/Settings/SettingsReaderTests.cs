using AgentBudget.Server.Settings;
using Microsoft.Extensions.Configuration;

namespace AgentBudget.Server.Tests.Settings;

/// <summary>Every setting is checked before anything starts, and what is wrong is named with its mend.</summary>
public sealed class SettingsReaderTests
{
    private const string Database = "Host=localhost;Database=ledger;Username=ledger";

    [Fact]
    public void Settings_NoneGiven_AreThoseOfAnEmbeddedServerOnLoopback()
    {
        var settings = Read();
        Assert.Equal(ServerMode.Embedded, settings.Mode);
        Assert.Equal(("127.0.0.1", 11_111, 30_000), (settings.Silo.AdvertisedAddress, settings.Silo.SiloPort, settings.Silo.GatewayPort));
        Assert.True(System.Net.IPAddress.IsLoopback(settings.Silo.Listen));
        Assert.Equal("http://127.0.0.1:8080", settings.Health.Address);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.DrainTimeout);
    }

    [Fact]
    public void Settings_OfACluster_AreRead()
    {
        var settings = Read(
            "Mode=cluster",
            $"PostgreSql:ConnectionStrings:0={Database}",
            "PostgreSql:MaxConnections=8",
            "Failover:ProbeTimeout=00:00:02",
            "Retention=2.00:00:00",
            "Cluster:ClusterId=blue"
        );
        Assert.Equal(ServerMode.Cluster, settings.Mode);
        Assert.Equal(Database, Assert.Single(settings.PostgreSql.ConnectionStrings));
        Assert.Equal(8, settings.PostgreSql.MaxConnections);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.Failover.ProbeTimeout);
        Assert.Equal("blue", settings.Cluster.ClusterId);
    }

    [Theory]
    [InlineData("Prices:UpdateEvery=1.00:00:00", "UpdateEvery needs a folder of price files")]
    [InlineData("Prices:UpdateEvery=00:00:01", "UpdateEvery must be from 1 hour to 30 days")]
    [InlineData("Prices:StaleAfter=00:00:01", "StaleAfter must be from 1 day")]
    public void Settings_OfPricesThatAreNoGood_NameItAndTheMend(string setting, string mend) =>
        Assert.Contains(mend, Assert.Throws<SettingsException>(() => Read(setting)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Prices:UpdateFrom:acme=https://example.com/prices.json")]
    [InlineData("Prices:UpdateFrom:litellm=http://example.com/prices.json")]
    [InlineData("Mode=Clustered")]
    [InlineData("Mode=7")]
    [InlineData("DrainTimeout=00:00:01")]
    [InlineData("DrainTimeout=soon")]
    [InlineData("Silo:AdvertisedAddress=no.such.host.invalid")]
    [InlineData("Silo:AdvertisedAddress=0.0.0.0")]
    [InlineData("Silo:ListenAddress=no.such.host.invalid")]
    [InlineData("Silo:SiloPort=0")]
    [InlineData("Silo:SiloPort=30000")]
    [InlineData("Silo:GatewayPort=65536")]
    [InlineData("Cluster:ClusterId= ")]
    [InlineData("Cluster:ServiceId= ")]
    [InlineData("Cluster:ConnectionString= ")]
    [InlineData("Health:Address=8080")]
    [InlineData("Health:Address=https://127.0.0.1:8080")]
    [InlineData("Health:Address=http://127.0.0.1:8080/health")]
    [InlineData("Health:WriterLagLimit=00:00:00")]
    [InlineData("Sqlite:Path= ")]
    [InlineData("Retention=00:00:01")]
    [InlineData("SweepInterval=00:00:00")]
    [InlineData("WriterBatchEntries=0")]
    public void Settings_WithAValueThatIsNoGood_NameItAndTheMend(string setting)
    {
        var problem = Assert.Single(Problems(setting));
        Assert.Contains($"AgentBudget:{setting.Split('=')[0]}", problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PostgreSql:MaxConnections=1")]
    [InlineData("Failover:ProbeTimeout=00:00:00.1")]
    [InlineData("Failover:MissedProbes=1")]
    [InlineData("Failover:Votes=0")]
    [InlineData("Failover:HeartbeatInterval=00:02:00")]
    [InlineData("Failover:TableRefreshInterval=00:00:00")]
    public void Settings_OfAClusterWithAValueThatIsNoGood_NameIt(string setting)
    {
        var problem = Assert.Single(Problems("Mode=Cluster", $"PostgreSql:ConnectionStrings:0={Database}", setting));
        Assert.Contains($"AgentBudget:{setting.Split('=')[0]}", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Moode=Cluster", "AgentBudget:Moode")]
    [InlineData("PostgreSql:ConnectionString=Host=localhost", "AgentBudget:PostgreSql:ConnectionString")]
    [InlineData("Silo:Port=1", "AgentBudget:Silo:Port")]
    public void Settings_ThatAreNone_AreRefused(string setting, string path) =>
        Assert.StartsWith(path + " ", Assert.Single(Problems(setting)), StringComparison.Ordinal);

    [Fact]
    public void Settings_OfBilling_AreRead()
    {
        var export = Assert.Single(
            Read(
                "Billing:Exports:0:Name=stripe",
                "Billing:Exports:0:To=Stripe",
                "Billing:Exports:0:Key=sk_test_1",
                "Billing:Exports:0:Customers:acme/research=cus_1",
                "Billing:Exports:0:MaxAge=7.00:00:00"
            ).Billing.Exports
        );
        Assert.Equal(("stripe", BillingTarget.Stripe, TimeSpan.FromDays(7)), (export.Name, export.To, export.MaxAge));
        Assert.Equal("cus_1", export.Customers["acme/research"]);
    }

    [Theory]
    [InlineData("Path is missing", "Billing:Exports:0:Name=bill")]
    [InlineData("Nmae", "Billing:Exports:0:Nmae=bill", "Billing:Exports:0:Path=a")]
    [InlineData("Pigeon", "Billing:Exports:0:To=Pigeon", "Billing:Exports:0:Path=a")]
    [InlineData("PollInterval", "Billing:PollInterval=00:02:00", "Billing:Exports:0:Path=a")]
    public void Settings_OfBillingThatAreNoGood_NameItAndTheMend(string what, params string[] settings)
    {
        var problem = Assert.Single(Problems([.. settings, "Billing:Exports:0:Key=sk_test_secret"]));
        Assert.Contains(what, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("sk_test_secret", problem, StringComparison.Ordinal);
    }

    // Configuration parts keys at a colon, and takes keys for one that differ in their case alone: somebody would pay for another.
    [Theory]
    [InlineData("'acme:eu'", "Billing:Exports:0:Customers:acme:eu=cus_1")]
    [InlineData("'acme:eu'", "Billing:Exports:0:Customers:acme:eu=cus_1", "Billing:Exports:0:Customers:acme=cus_2")]
    public void Customers_ThatConfigurationCannotHave_AreNamedWithTheMend(string what, params string[] settings)
    {
        var problem = Assert.Single(Problems([.. settings, "Billing:Exports:0:Path=a"]));
        Assert.Contains(what, problem, StringComparison.Ordinal);
        Assert.Contains("CustomersFile", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_OfPrices_AreRead() =>
        Assert.Equal(
            ServerMode.Embedded,
            Read(
                "Prices:LookEvery=00:00:10",
                "Prices:Models:0:Provider=ours",
                "Prices:Models:0:Model=m",
                "Prices:Models:0:InputUsdPerMillion=1.25",
                "Prices:Models:0:OutputUsdPerMillion=10",
                "Prices:Names:0:Provider=openai",
                "Prices:Names:0:Name=my-deployment",
                "Prices:Names:0:Model=gpt-4o",
                "Prices:ToolPrices:web_search=0.01",
                "UnknownModels:Fallback:InputUsdPerMillion=5",
                "UnknownModels:Fallback:OutputUsdPerMillion=25",
                "UnknownModels:FreePatterns:0=local/*"
            ).Mode
        );

    [Theory]
    [InlineData("Prices", "LookEvery", "Prices:LookEvery=00:00:00")]
    [InlineData("Prices", "no-such-folder", "Prices:Path=no-such-folder")]
    [InlineData("Prices", "Path", "Prices:Path= ")]
    [InlineData("Prices", "web_search", "Prices:ToolPrices:web_search=-1")]
    [InlineData("Prices", "InputUsdPerMillion", "Prices:Models:0:Provider=openai", "Prices:Models:0:Model=m")]
    [InlineData(
        "Prices",
        "1,5x",
        "Prices:Models:0:Provider=openai",
        "Prices:Models:0:Model=m",
        "Prices:Models:0:InputUsdPerMillion=1,5x",
        "Prices:Models:0:OutputUsdPerMillion=1"
    )]
    [InlineData(
        "Prices",
        "CacheRead",
        "Prices:Models:0:Provider=openai",
        "Prices:Models:0:Model=m",
        "Prices:Models:0:InputUsdPerMillion=1",
        "Prices:Models:0:OutputUsdPerMillion=1",
        "Prices:Models:0:CacheRead=1"
    )]
    [InlineData("Prices", "cheap", "Prices:ToolPrices:web_search=cheap")]
    [InlineData(
        "Prices",
        "options for openai",
        "Prices:Models:0:Provider=openai",
        "Prices:Models:0:Model=m",
        "Prices:Models:0:InputUsdPerMillion=-1",
        "Prices:Models:0:OutputUsdPerMillion=1"
    )]
    [InlineData(
        "Prices",
        "nothing-like-it",
        "Prices:Names:0:Provider=openai",
        "Prices:Names:0:Name=mine",
        "Prices:Names:0:Model=nothing-like-it"
    )]
    [InlineData("Prices", "Tools", "Prices:Tools:web_search=1")]
    [InlineData(
        "UnknownModels",
        "fallback",
        "UnknownModels:Fallback:InputUsdPerMillion=-1",
        "UnknownModels:Fallback:OutputUsdPerMillion=1"
    )]
    public void Settings_OfPricesThatAreNoGood_AreNamed(string group, string what, params string[] settings)
    {
        var problem = Assert.Single(Problems(settings));
        Assert.Contains(group, problem, StringComparison.Ordinal);
        Assert.Contains(what, problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Settings_OfAClient_AreNotTheServersConcern() =>
        Assert.Equal(ServerMode.Embedded, Read("Client:Gateways:0=localhost:30000").Mode);

    [Fact]
    public void Settings_WithSeveralFaults_NameAllAtOnce() =>
        Assert.Equal(3, Problems("Mode=Cluster", "Silo:SiloPort=0", "Misspelt=1").Count);

    [Fact]
    public void Problem_OfAConnectionString_DoesNotGiveItsPasswordAway()
    {
        var problem = Assert.Single(Problems("Mode=Cluster", "PostgreSql:ConnectionStrings:0=Host=x;Port=hunter2;Password=hunter2"));
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    private static ServerSettings Read(params string[] settings) => SettingsReader.Read(Configuration(settings));

    private static IReadOnlyList<string> Problems(params string[] settings) =>
        Assert.Throws<SettingsException>(() => Read(settings)).Problems;

    private static IConfiguration Configuration(string[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .Select(setting => setting.Split('=', 2))
                    .Select(pair => KeyValuePair.Create<string, string?>($"AgentBudget:{pair[0]}", pair[1]))
            )
            .Build();
}
