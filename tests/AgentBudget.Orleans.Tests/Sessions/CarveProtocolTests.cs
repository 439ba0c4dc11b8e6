using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>
/// Carving money over two sessions, with a crash between every two steps: the n-th append of parent or child fails, before or after it
/// was written, for every n. Money may be stranded for a while; it is never made and never lost.
/// </summary>
public sealed class CarveProtocolTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    private const int FewestSteps = 20;
    private const int MostSteps = 100;

    public void Dispose() => fixture.Store.Heal();

    [Theory]
    [InlineData(FaultMoment.BeforeWrite, false)]
    [InlineData(FaultMoment.BeforeWrite, true)]
    [InlineData(FaultMoment.AfterWrite, false)]
    [InlineData(FaultMoment.AfterWrite, true)]
    public async Task Carve_CrashBetweenEveryTwoSteps_NeitherMakesNorLosesMoney(FaultMoment moment, bool callerGoesAway)
    {
        var steps = 0;
        for (var isThrough = false; !isThrough; steps++)
        {
            var scenario = new CarveScenario(fixture, fixture.NewId());
            await scenario.OpenAsync();
            var come = fixture.Store.FailAt(steps + 1, moment);
            fixture.Store.OnWritten = scenario.Look;
            await (callerGoesAway ? scenario.RunUntilFailureAsync() : scenario.RunAsync());
            isThrough = come() <= steps;
            fixture.Store.OnAppend = null;
            await scenario.FinishAsync();
            Assert.True(
                scenario.Violations.Count == 0,
                $"Fault at append {steps + 1}: {string.Join(Environment.NewLine, scenario.Violations)}"
            );
            await scenario.AssertWholeAsync();
            Assert.InRange(steps, 0, MostSteps);
        }

        Assert.InRange(steps, FewestSteps, MostSteps);
    }
}
