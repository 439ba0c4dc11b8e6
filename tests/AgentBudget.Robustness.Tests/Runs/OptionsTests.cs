using AgentBudget.Robustness.Faults;
using AgentBudget.Robustness.Plants;
using AgentBudget.Robustness.Runs;
using AgentBudget.Robustness.Soaks;

namespace AgentBudget.Robustness.Tests.Runs;

/// <summary>What may stand on the command line.</summary>
public sealed class OptionsTests
{
    [Fact]
    public void Parse_FaultOptions_AreTaken()
    {
        var options = RunOptions.Parse(["--duration", "10m", "--faults", "kill,database", "--seed", "5", "--charges", "1000000"]);
        Assert.Equal((TimeSpan.FromMinutes(10), 5, 1_000_000), (options.Duration, options.Seed, options.Charges));
        Assert.Equal([FaultKind.Kill, FaultKind.Database], options.Faults);
    }

    [Fact]
    public void Parse_NoCharges_NoneAreMadeBesides() => Assert.Equal(0, RunOptions.Parse(["--seed", "5"]).Charges);

    [Fact]
    public void Parse_FaultThatIsNone_IsToldAllThereAre()
    {
        var message = Assert.Throws<FormatException>(() => RunOptions.Parse(["--faults", "kill,flood"])).Message;
        Assert.All(Enum.GetNames<FaultKind>(), name => Assert.Contains(name.ToLowerInvariant(), message, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_SoakOptions_AreTaken()
    {
        var options = SoakOptions.Parse(["--sessions", "50", "--rate", "100", "--duration", "3s", "--seed", "5"]);
        Assert.Equal(
            (50, 100, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(0.6)),
            (options.Sessions, options.Rate, options.Duration, options.WarmUp)
        );
    }

    [Fact]
    public void Parse_KeepInFolderThatHoldsSomething_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("agentbudget-keep-").FullName;
        try
        {
            Assert.Equal(folder, RunOptions.Parse(["--keep", folder]).Keep);
            File.WriteAllText(Path.Combine(folder, "silo-0.log"), "of an earlier run");
            Assert.Contains("not empty", Assert.Throws<FormatException>(() => RunOptions.Parse(["--keep", folder])).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("--sesions", "5")]
    [InlineData("--duration", "5")]
    [InlineData("--duration", "s")]
    [InlineData("--duration", "2000000000m")]
    [InlineData("--faults", "flood")]
    [InlineData("--rate", "0")]
    [InlineData("--charges", "-1")]
    [InlineData("--plant", "tree")]
    [InlineData("--seed")]
    public void Parse_WrongOption_IsNamed(params string[] arguments) =>
        Assert.Contains(
            arguments,
            argument =>
                Assert.Throws<FormatException>(() => RunOptions.Parse(arguments)).Message.StartsWith(argument, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("--faults", "kill")]
    [InlineData("--rate", "1")]
    [InlineData("--sessions", "1")]
    public void Parse_WrongSoakOption_IsNamed(string name, string value) =>
        Assert.Contains(name, Assert.Throws<FormatException>(() => SoakOptions.Parse([name, value])).Message);

    [Fact]
    public void Usage_EveryFaultAndPlant_IsNamed()
    {
        var names = Enum.GetNames<FaultKind>().Concat(Plant.All.Select(plant => plant.Name));
        Assert.All(names, name => Assert.Contains(name, RunOptions.Usage, StringComparison.OrdinalIgnoreCase));
    }
}
