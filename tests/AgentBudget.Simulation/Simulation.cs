namespace AgentBudget.Simulation;

/// <summary>Runs one world and says which law it broke.</summary>
internal static class Simulation
{
    public static string? Run(int seed, Plants plants = Plants.None) => Run(seed, out _, out _, plants);

    public static string? Run(int seed, out long checks, out WorldEvents events, Plants plants = Plants.None, bool hasTenants = false)
    {
        var world = new World(seed, plants, hasTenants)
        {
            Trace = Environment.GetEnvironmentVariable("AGENTBUDGET_TRACE") is null ? null : Console.Error.WriteLine,
        };
        string? law = null;
        try
        {
            world.Run(TimeSpan.FromSeconds(100), operations: 100 + (seed % 100));
        }
        catch (LawBrokenException broken)
        {
            law = $"{world.Elapsed:c} {broken.Message}";
        }
        catch (LedgerLawViolationException broken)
        {
            law = $"{world.Elapsed:c} {broken.Message}";
        }

        (checks, events) = (world.Laws.Checks, world.Events);
        return law;
    }
}
