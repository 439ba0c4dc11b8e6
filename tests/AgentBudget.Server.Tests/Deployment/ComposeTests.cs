using System.Text.RegularExpressions;
using AgentBudget.Server.Settings;
using AgentBudget.Server.Telemetry;
using Microsoft.Extensions.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace AgentBudget.Server.Tests.Deployment;

/// <summary>The files that put the topology into containers: that they can be read, and that they fit the server.</summary>
public sealed partial class ComposeTests
{
    private static readonly Dictionary<string, Service> Services = ReadCompose().Services;

    [Fact]
    public void Compose_HasADatabaseTwoServersAndACollector() =>
        Assert.Equal(["collector", "postgres", "silo1", "silo2"], Services.Keys.Order());

    [Theory]
    [InlineData("silo1")]
    [InlineData("silo2")]
    public void Server_Settings_AreThoseOfACluster(string name)
    {
        var variables = Services[name].Environment;
        var host = variables["AgentBudget__Silo__AdvertisedAddress"];
        Assert.Equal(Services[name].Hostname, host);
        // The name is known in the containers' network alone.
        variables["AgentBudget__Silo__AdvertisedAddress"] = "127.0.0.1";
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                variables.Select(variable =>
                    KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)Filled(variable.Value))
                )
            )
            .Build();
        var settings = SettingsReader.Read(configuration);
        Assert.Equal(ServerMode.Cluster, settings.Mode);
        Assert.Contains("Host=postgres;", Assert.Single(settings.PostgreSql.ConnectionStrings), StringComparison.Ordinal);
        Assert.True(TelemetryExport.IsWanted(configuration));
        Assert.True(Seconds(Services[name].StopGracePeriod!) > settings.DrainTimeout, "A stopping server is killed before it has drained.");
    }

    [Theory]
    [InlineData("silo1")]
    [InlineData("silo2")]
    public void Server_Starts_WhenTheDatabaseIsHealthy(string name)
    {
        Assert.Equal("service_healthy", Services[name].DependsOn["postgres"].Condition);
        Assert.NotNull(Services["postgres"].Healthcheck);
        Assert.Contains("--check-health", Services[name].Healthcheck!.Test);
    }

    [Fact]
    public void Ports_AreOpenOnThisMachineAlone()
    {
        var ports = Services.Values.SelectMany(service => service.Ports).ToArray();
        Assert.Equal(ports.Length, ports.Distinct().Count());
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_HoldsNoPassword() => Assert.Matches(@"Password=\$\{POSTGRES_PASSWORD:\?", SourceTree.Read("docker-compose.yml"));

    [Fact]
    public void Collector_TakesOtlpAndPrints()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(SourceTree.Read("deploy/otel-collector.yaml")));
        var pipelines = (YamlMappingNode)yaml.Documents[0].RootNode["service"]["pipelines"];
        Assert.Equal(["logs", "metrics", "traces"], pipelines.Children.Keys.Select(key => key.ToString()).Order());
        Assert.All(
            pipelines.Children.Values,
            pipeline => Assert.Equal(("otlp", "debug"), (pipeline["receivers"][0].ToString(), pipeline["exporters"][0].ToString()))
        );
        Assert.Contains(
            Services["collector"].Volumes,
            volume => volume.StartsWith("./deploy/otel-collector.yaml:", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Dockerfile_BuildsFromLockedPackages_AndDoesNotRunAsRoot()
    {
        var lines = SourceTree.Read("Dockerfile").Split('\n');
        Assert.Contains(
            lines,
            line =>
                line.StartsWith("RUN dotnet restore", StringComparison.Ordinal) && line.EndsWith("--locked-mode", StringComparison.Ordinal)
        );
        Assert.True(
            Array.IndexOf(lines, "USER $APP_UID") > Array.FindLastIndex(lines, line => line.StartsWith("FROM ", StringComparison.Ordinal))
        );
        Assert.Contains(
            lines,
            line =>
                line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)
                && line.Contains($"{typeof(ServerSettings).Assembly.GetName().Name}.dll", StringComparison.Ordinal)
        );
    }

    private static Compose ReadCompose() =>
        new DeserializerBuilder()
            .WithNamingConvention(YamlDotNet.Serialization.NamingConventions.UnderscoredNamingConvention.Instance)
            .IgnoreUnmatchedProperties()
            .Build()
            .Deserialize<Compose>(new MergingParser(new Parser(new StringReader(SourceTree.Read("docker-compose.yml")))));

    private static string Filled(string value) => Placeholder().Replace(value, "filled in");

    private static TimeSpan Seconds(string text) =>
        TimeSpan.FromSeconds(int.Parse(text.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\$\{[^}]*\}")]
    private static partial Regex Placeholder();

    public sealed class Compose
    {
        public Dictionary<string, Service> Services { get; set; } = [];
    }

    public sealed class Service
    {
        public string? Hostname { get; set; }

        public string? StopGracePeriod { get; set; }

        public Dictionary<string, string> Environment { get; set; } = [];

        public Dictionary<string, Dependency> DependsOn { get; set; } = [];

        public Check? Healthcheck { get; set; }

        public List<string> Ports { get; set; } = [];

        public List<string> Volumes { get; set; } = [];
    }

    public sealed class Dependency
    {
        public string? Condition { get; set; }
    }

    public sealed class Check
    {
        public List<string> Test { get; set; } = [];
    }
}
