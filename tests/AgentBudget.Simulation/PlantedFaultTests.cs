namespace AgentBudget.Simulation;

/// <summary>
/// Faults that the laws must find: each is built into a driver, a store or a network, and worlds run until one breaks a law. A fault
/// that no world finds would say that the laws are blind for it. How many seeds it took stands in the output.
/// </summary>
/// <remarks>
/// A child without its parent's life, one that is not due before its first grant, and a purge on an old word are too rare, and the laws
/// look neither two levels down for a hold, nor for what covers what, nor for who is served first: these have directed cases. A relative
/// ask is none, once grants are absolute, nor is a waiter that joins twice, once every call has a key. Trimming is tested where it is done.
/// </remarks>
public sealed class PlantedFaultTests
{
    private const int MostSeeds = 20_000;

    public static TheoryData<string> Faults =>
        new(
            Enum.GetNames<Plants>()
                .Except([
                    nameof(Plants.None),
                    nameof(Plants.ChildWithoutParentLife),
                    nameof(Plants.HoldSpreadEarly),
                    nameof(Plants.FirstGrantNotDue),
                    nameof(Plants.PurgeOnOldWord),
                    nameof(Plants.CoverAfterGrant),
                    nameof(Plants.AgesInsteadOfInstants),
                    nameof(Plants.RecallForTheLeast),
                    nameof(Plants.RoundAnsweredEarly),
                    .. OfTenantsAlone,
                ])
        );

    /// <summary>What is found in worlds of tenants: their own faults, and those that money in slices suffers from in its way.</summary>
    public static TheoryData<string> TenantFaults =>
        [
            .. OfTenantsAlone,
            nameof(Plants.AnswerBeforeDurable),
            nameof(Plants.PauseAnsweredEarly),
            nameof(Plants.ReclaimByTimeOut),
            nameof(Plants.GiveBackBeforeDurable),
            nameof(Plants.ReportWithoutSequence),
            nameof(Plants.NoFence),
            nameof(Plants.IncarnationNotCompared),
            nameof(Plants.UnknownFromMemory),
            nameof(Plants.ChildReportNotPassedUp),
            nameof(Plants.GrantNotRepeated),
            nameof(Plants.NoTimeDownward),
            nameof(Plants.NoTimeUpward),
            nameof(Plants.NoCapOnMessageTimes),
        ];

    private static string[] OfTenantsAlone =>
        [
            nameof(Plants.RefusalWithoutRecall),
            nameof(Plants.ShallowRecall),
            nameof(Plants.StopForgottenByResume),
            nameof(Plants.NamesForgotten),
            nameof(Plants.RunsNotPassedUp),
            nameof(Plants.RolloverForgetsOut),
            nameof(Plants.ExhaustedByWhatIsLacking),
        ];

    [Fact]
    public void Plants_All_AreFoundInWorldsOrByADirectedCase()
    {
        var directed = new[] { typeof(DirectedTests), typeof(TenantDirectedTests) }
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>())
            .Select(row => row.Data[0] as string)
            .OfType<string>();
        var found = Faults.Concat(TenantFaults).Select(row => row.Data).Concat(directed).Append(nameof(Plants.None)).Distinct();
        Assert.Equal(Enum.GetNames<Plants>().Order(), found.Order());
    }

    [Theory, MemberData(nameof(Faults))]
    public void PlantedFault_InSomeWorld_BreaksALaw(string fault) => AssertFound(fault, hasTenants: false);

    [Theory, MemberData(nameof(TenantFaults))]
    public void PlantedFault_InSomeWorldOfTenants_BreaksALaw(string fault) => AssertFound(fault, hasTenants: true);

    private static void AssertFound(string fault, bool hasTenants)
    {
        var plant = Enum.Parse<Plants>(fault);
        for (var seed = 0; seed < MostSeeds; seed++)
        {
            if (Simulation.Run(seed, out _, out _, plant, hasTenants) is not { } law)
                continue;
            TestContext.Current.TestOutputHelper?.WriteLine($"{fault}: found after {seed + 1:N0} seeds: {law}");
            return;
        }

        Assert.Fail($"{fault}: not found in {MostSeeds:N0} seeds");
    }
}
