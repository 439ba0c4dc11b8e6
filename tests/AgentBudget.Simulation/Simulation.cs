namespace AgentBudget.Simulation;

/// <summary>Runs one world and says which law it broke.</summary>
internal static class Simulation
{
    public static string? Run(int seed, Plants plants = Plants.None) => Run(seed, out _, plants);

    public static string? Run(int seed, out long checks, Plants plants = Plants.None)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var world = new World(seed, plants);
        string? law = null;
        try
        {
            world.Run(TimeSpan.FromSeconds(100), operations: 100 + (seed % 100));
        }
        catch (LawBrokenException broken)
        {
            law = $"{world.Now - World.Start:c} {broken.Message}";
        }
        catch (LedgerLawViolationException broken)
        {
            law = $"{world.Now - World.Start:c} {broken.Message}";
        }

        if (law is not null && Environment.GetEnvironmentVariable("AGENTBUDGET_DUMP") is not null) World.Dump(world);
        if (Environment.GetEnvironmentVariable("AGENTBUDGET_SEED") is not null) Console.Error.WriteLine($"{world.Steps:N0} steps, {world.Laws.Checks:N0} writes, {watch.ElapsedMilliseconds} ms; {string.Join(", ", world.Callers.GroupBy(c => c.Command.GetType().Name[..5] + " " + (c.Answer?.Refusal?.Reason.ToString() ?? "ok")).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}"))}");
        checks = world.Laws.Checks;
        return law;
    }
}
