using AgentBudget.Robustness.Plants;

namespace AgentBudget.Robustness.Tests.Plants;

/// <summary>The same workload and the same checker, without a fault and with each of those that are planted.</summary>
public sealed class PlantTests
{
    private const int Seed = 5;

    [Fact]
    public async Task Run_NothingPlanted_LawsHold()
    {
        var found = await ShortRun.RunAsync(plant: null, Seed);
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found.Take(3)));
    }

    [Theory]
    [InlineData("acknowledge-before-write", "L3")]
    [InlineData("ignore-head-version", "L1")]
    [InlineData("forget-keys", "L4")]
    [InlineData("reuse-sequence", "L3")]
    [InlineData("refusal-that-debits", "L5")]
    [InlineData("forget-late-costs", "L1")]
    public async Task Run_FaultPlanted_IsFound(string plant, string law)
    {
        var found = await ShortRun.RunAsync(Plant.Find(plant), Seed);
        Assert.Contains(law, found.Select(violation => violation.Law));
    }

    [Fact]
    public void Plants_All_HaveATest()
    {
        var tested = typeof(PlantTests)
            .GetMethod(nameof(Run_FaultPlanted_IsFound))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Cast<InlineDataAttribute>();
        Assert.Equal(Plant.All.Select(plant => plant.Name).Order(), tested.Select(row => (string)row.Data[0]!).Order());
    }
}
