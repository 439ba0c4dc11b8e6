using System.Diagnostics;

namespace AgentBudget.Simulation;

/// <summary>
/// Worlds out of seeds. <c>AGENTBUDGET_SEEDS</c> says how many (2,000 by default), <c>AGENTBUDGET_SEED</c> which one alone. Progress goes
/// to the error stream when more than the usual number is asked for.
/// </summary>
public sealed class SimulationTests
{
    private const int SeedsInCi = 2_000;

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_SEEDS"), out var asked) ? asked : SeedsInCi;

    [Fact]
    public void AnyWorld_WithoutAPlantedFault_BreaksNoLawAndEverythingHappensOften()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_SEED"), out var one))
        {
            Assert.Null(Simulation.Run(one));
            return;
        }

        var run = new Run(Seeds, hasTenants: false);
        run.ToTheEnd(every: 1_000, progress: Seeds > SeedsInCi ? Console.Error.WriteLine : null);
        TestContext.Current.TestOutputHelper?.WriteLine($"{run}{Environment.NewLine}{run.Events}");
        Assert.True(run.Broken.Count == 0, string.Join(Environment.NewLine, run.Broken));
        if (Seeds >= SeedsInCi)
            Assert.Equal("", string.Join(Environment.NewLine, LeastOften.Missed(run.Events, Seeds)));
    }

    [Fact]
    public void AnyWorldOfTenants_WithoutAPlantedFault_BreaksNoLaw()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_SEED"), out var one))
        {
            Assert.Null(Simulation.Run(one, out _, out _, hasTenants: true));
            return;
        }

        var run = new Run(Seeds, hasTenants: true);
        run.ToTheEnd(every: 1_000, progress: Seeds > SeedsInCi ? Console.Error.WriteLine : null);
        TestContext.Current.TestOutputHelper?.WriteLine($"{run}{Environment.NewLine}{run.Events}");
        Assert.True(run.Broken.Count == 0, string.Join(Environment.NewLine, run.Broken));
        Assert.True(run.Events[WorldEvent.StopAnswered] >= Seeds / 4, $"{run.Events[WorldEvent.StopAnswered]} stops were answered.");
        var windows = run.Events[WorldEvent.WindowBeganWithMoneyOut];
        Assert.True(windows >= Seeds / 4, $"{windows} windows began with money out.");
        var (authorised, refused) = (
            run.Events[WorldEvent.NanoDollarsAuthorised],
            run.Events[WorldEvent.NanoDollarsRefusedThatCouldBePaid]
        );
        Assert.True(refused <= authorised / 1_000, $"{refused:N0} nano-dollars of {authorised:N0} were refused, and could be paid.");
    }

    [Theory]
    // A report of before a correction, delayed until its holder was gone.
    [InlineData(103498, false)]
    [InlineData(107845, false)]
    // A clock an hour off, and a stale activation where the parent's sweep came first.
    [InlineData(175848, false)]
    [InlineData(181507, false)]
    // An invitation answered by an activation that did not know that its session was gone.
    [InlineData(7550, true)]
    [InlineData(15832, true)]
    // A tenant above refused, and nobody asked for what lay idle below.
    [InlineData(6615, true)]
    // What was taken back in a window left its sum below zero, and made room for more than its limit.
    [InlineData(629, true)]
    [InlineData(1006, true)]
    [InlineData(1210, true)]
    // The law: a tenant that was lost with its partition began anew, while the one above had booked more of it.
    [InlineData(132257, true)]
    [InlineData(138551, true)]
    // The law: a tenant that was restored, and was stopped before a session that it had forgotten spoke to it.
    [InlineData(24235, true)]
    // The law: a whole budget taken below a tenant in between cannot be called back either.
    [InlineData(8733, true)]
    [InlineData(17480, true)]
    // A tenant whose own limits let little out asked for that little again and again, and the money lay idle with it.
    [InlineData(114967, true)]
    // Defaults were heard of a silo nine hours ahead, and then of none for as long.
    [InlineData(5676, true)]
    // The law: what a session's children have without cover is no room of it.
    [InlineData(4116, true)]
    // A tenant that spent beyond its money asked ahead for ever, and got a part of it with each ask.
    [InlineData(49738, true)]
    // The laws: what is out beyond a limit that was lowered can be paid with; what a parent has booked is told, whatever its child heard.
    [InlineData(71348, true)]
    [InlineData(186325, true)]
    public void World_ThatOnceBrokeALaw_BreaksNone(int seed, bool hasTenants) =>
        Assert.Null(Simulation.Run(seed, out _, out _, hasTenants: hasTenants));

    /// <summary>Many worlds, two at a time, and what came of them.</summary>
    private sealed class Run(int seeds, bool hasTenants)
    {
        private const int MostBroken = 20;

        private readonly Stopwatch watch = Stopwatch.StartNew();
        private readonly Lock gate = new();
        private int done;
        private long checks;

        public SortedSet<string> Broken { get; } = [];

        public WorldEvents Events { get; } = new();

        public void ToTheEnd(int every, Action<string>? progress) =>
            Parallel.For(
                0,
                seeds,
                new ParallelOptions { MaxDegreeOfParallelism = 2 },
                (seed, loop) =>
                {
                    var law = Simulation.Run(seed, out var checkedHere, out var events, hasTenants: hasTenants);
                    lock (gate)
                    {
                        if (law is not null)
                        {
                            Broken.Add($"seed {seed}: {law}");
                            progress?.Invoke($"seed {seed}: {law}");
                        }

                        checks += checkedHere;
                        Events.Add(events);
                        if (++done % every == 0)
                            progress?.Invoke(done % (10 * every) == 0 ? $"{this}{Environment.NewLine}{Events}" : $"{this}");
                        if (Broken.Count >= MostBroken)
                            loop.Stop();
                    }
                }
            );

        public override string ToString() =>
            $"{done:N0} of {seeds:N0} worlds, {checks:N0} writes checked, {Broken.Count} broken, {watch.Elapsed:hh\\:mm\\:ss}";
    }
}
