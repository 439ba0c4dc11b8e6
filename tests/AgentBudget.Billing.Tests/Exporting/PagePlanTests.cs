using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Http;

namespace AgentBudget.Billing.Tests.Exporting;

public sealed class PagePlanTests
{
    private static readonly DateTimeOffset Now = Costs.Now.AddHours(1);

    [Fact]
    public void Costs_OfAPage_GoInBatchesOfTheSizeThatIsStated()
    {
        var plan = PlanOf(Costs.Many(25), batchSize: 10);

        Assert.Equal([10, 10, 5], Drain(plan, batch => SinkAnswer.AllOf(batch.Costs)).Select(batch => batch.Costs.Count));
        Assert.True(plan.IsDone);
        Assert.Empty(plan.TakeDead());
    }

    [Fact]
    public void Costs_OfNothing_AreLeftOutUnlessTheyAreWanted()
    {
        BilledCost[] costs = [Costs.Of(1, "0"), Costs.Of(2)];

        Assert.Equal(["s1#8df2.2.1"], Drain(PlanOf(costs), Take).SelectMany(batch => batch.Costs).Select(cost => cost.Id));
        Assert.Equal(2, Drain(PlanOf(costs, takesZero: true), Take).Sum(batch => batch.Costs.Count));
    }

    [Fact]
    public void Batch_RefusedWithoutAName_IsHalvedUntilTheOneAtFaultStandsAlone()
    {
        var plan = PlanOf(Costs.Many(100));
        var taken = new List<string>();

        var sent = Drain(
            plan,
            batch =>
            {
                if (batch.Costs.Any(cost => cost.Sequence == 77))
                    return SinkAnswer.NoneFor(new LeftCosts(LeftFor.Parts, "it answered 400"));
                taken.AddRange(batch.Costs.Select(cost => cost.Id));
                return SinkAnswer.AllOf(batch.Costs);
            }
        );

        Assert.Equal(99, taken.Distinct().Count());
        Assert.Equal(99, taken.Count);
        var dead = Assert.Single(plan.TakeDead());
        Assert.Equal(("s1#8df2.77.1", "it answered 400", null), (dead.Cost.Id, dead.Problem, dead.DoubtfulSince));
        Assert.InRange(sent.Count, 8, 20);
    }

    [Fact]
    public void Batch_OfWhichSomeAreRefusedByName_GoesOnWithoutThem()
    {
        var plan = PlanOf(Costs.Many(5));

        var sent = Drain(
            plan,
            batch =>
                batch.Costs.Count == 5
                    ? new SinkAnswer
                    {
                        Taken = [batch.Costs[0].Id],
                        Refused = [new RefusedCost(batch.Costs[1].Id, "unknown customer")],
                        Left = new LeftCosts(LeftFor.Again, "it answered 422"),
                    }
                    : SinkAnswer.AllOf(batch.Costs)
        );

        Assert.Equal([5, 3], sent.Select(batch => batch.Costs.Count));
        Assert.Equal("unknown customer", Assert.Single(plan.TakeDead()).Problem);
    }

    [Fact]
    public void Receiver_ThatFails_IsGivenEverLongerPausesAndNothingDies()
    {
        var plan = PlanOf(Costs.Many(3));
        var pauses = new List<double>();
        for (var i = 0; i < 12; i++)
            pauses.Add(plan.Ended(plan.Next(Now)!, Later(), Now).TotalSeconds);

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], pauses.Take(8));
        Assert.Empty(plan.TakeDead());
        Assert.Equal(3, Drain(plan, Take).Sum(batch => batch.Costs.Count));
    }

    [Fact]
    public void Receiver_ThatAsksForTime_IsGivenIt()
    {
        var plan = PlanOf(Costs.Many(1));
        Assert.Equal(90, plan.Ended(plan.Next(Now)!, Later(TimeSpan.FromSeconds(90)), Now).TotalSeconds);
        Assert.Equal(3_600, plan.Ended(plan.Next(Now)!, Later(TimeSpan.FromDays(3)), Now).TotalSeconds);
        Assert.Equal(1, Drain(plan, Take).Sum(batch => batch.Costs.Count));
    }

    [Fact]
    public void Cost_ThatTheReceiverFailsWithWhileItTakesOthers_Dies()
    {
        var plan = PlanOf(Costs.Many(8));
        var taken = new HashSet<string>();

        Drain(
            plan,
            batch =>
            {
                if (batch.Costs.Any(cost => cost.Sequence == 3))
                    return Later();
                taken.UnionWith(batch.Costs.Select(cost => cost.Id));
                return SinkAnswer.AllOf(batch.Costs);
            }
        );

        Assert.Equal(7, taken.Count);
        var dead = Assert.Single(plan.TakeDead());
        Assert.Equal(3, dead.Cost.Sequence);
        Assert.Contains("while others were taken", dead.Problem);
    }

    [Fact]
    public void Receiver_ThatAsksForTimeAgainAndAgain_HasNoCostDieNorABatchHalved()
    {
        var plan = PlanOf(Costs.Many(20), batchSize: 10);
        var answers = 0;
        var sent = Drain(
            plan,
            batch =>
                answers++ % 8 == 7
                    ? SinkAnswer.AllOf(batch.Costs)
                    : SinkAnswer.NoneFor(new HttpReply(429, "", null, MayBeTaken: false).Left)
        );

        Assert.Equal(16, sent.Count);
        Assert.All(sent, batch => Assert.Equal(10, batch.Costs.Count));
        Assert.Empty(plan.TakeDead());
    }

    [Fact]
    public void Cost_ThatMayHaveBeenTaken_StaysInDoubtWhateverIsAnsweredNext()
    {
        var plan = PlanOf(Costs.Many(1), remembersFor: TimeSpan.FromHours(24));
        var answers = 0;
        Drain(
            plan,
            _ =>
                SinkAnswer.NoneFor(
                    answers++ == 0
                        ? new LeftCosts(LeftFor.Later, "it did not answer", MayBeTaken: true)
                        : new LeftCosts(LeftFor.Parts, "it answered 400")
                )
        );

        Assert.Equal(Now, Assert.Single(plan.TakeDead()).DoubtfulSince);
    }

    [Fact]
    public void Cost_ThatStandsAloneWithAFailingReceiver_WaitsForOthersToShowWhoseFaultItIs()
    {
        var plan = PlanOf(Costs.Many(1));
        for (var i = 0; i < 20; i++)
            plan.Ended(plan.Next(Now)!, Later(), Now);

        Assert.Empty(plan.TakeDead());
        Assert.True(plan.WantsMore);

        plan.Add([Costs.Of(2)]);
        Drain(plan, batch => batch.Costs[0].Sequence == 1 ? Later() : SinkAnswer.AllOf(batch.Costs));
        Assert.Equal(1, Assert.Single(plan.TakeDead()).Cost.Sequence);
    }

    [Fact]
    public void Cost_PastTheLimit_DiesWithItsReasonAndTheOthersGo()
    {
        var plan = PlanOf(
            [Costs.Of(1, time: Now.AddDays(-35)), Costs.Of(2, time: Now.AddDays(-34)), Costs.Of(3, time: Now.AddMinutes(6))],
            oldest: TimeSpan.FromDays(35),
            newest: TimeSpan.FromMinutes(5)
        );

        Assert.Equal([2], Drain(plan, Take).SelectMany(batch => batch.Costs).Select(cost => cost.Sequence));
        Assert.Equal(
            ["it is older than the 35 days that it takes", "it is more than the 5 minutes ahead that it takes"],
            plan.TakeDead().Select(dead => dead.Problem)
        );
    }

    [Fact]
    public void Cost_ThatMayHaveBeenTakenLongerAgoThanIdsAreKnown_IsNotSentAgain()
    {
        var plan = PlanOf(Costs.Many(2), remembersFor: TimeSpan.FromHours(24));
        plan.Ended(plan.Next(Now)!, Later(mayBeTaken: true), Now);
        plan.Ended(plan.Next(Now.AddHours(22))!, Later(), Now.AddHours(22));

        Assert.Null(plan.Next(Now.AddHours(23)));

        var dead = plan.TakeDead();
        Assert.Equal(2, dead.Count);
        Assert.All(dead, one => Assert.Equal(Now, one.DoubtfulSince));
        Assert.Contains("24 hours", dead[0].Problem);
    }

    [Fact]
    public void Cost_ThatCannotHaveBeenTaken_IsSentHoweverLongItWaited()
    {
        var plan = PlanOf(Costs.Many(2), remembersFor: TimeSpan.FromHours(24));
        plan.Ended(plan.Next(Now)!, Later(), Now);
        Assert.NotNull(plan.Next(Now.AddDays(3)));
    }

    [Fact]
    public void Cost_OfWhichNothingIsAnswered_IsNotLost()
    {
        var plan = PlanOf(Costs.Many(2));
        plan.Ended(plan.Next(Now)!, new SinkAnswer { Taken = ["s1#8df2.1.1"] }, Now);
        Assert.Equal([2], plan.Next(Now)!.Costs.Select(cost => cost.Sequence));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(57)]
    [InlineData(100)]
    public void Cost_ThatIsNotLetInWhileOthersAre_DiesAndTheOthersGo(int bad)
    {
        var plan = PlanOf(Costs.Many(250));
        var taken = new List<string>();

        var sent = Drain(
            plan,
            batch =>
            {
                if (batch.Costs.Any(cost => cost.Sequence == bad))
                    return Unclear();
                taken.AddRange(batch.Costs.Select(cost => cost.Id));
                return SinkAnswer.AllOf(batch.Costs);
            }
        );

        Assert.Equal(249, taken.Count);
        Assert.Equal(249, taken.Distinct().Count());
        var dead = Assert.Single(plan.TakeDead());
        Assert.Equal((bad, "it answered 403, while others were taken"), (dead.Cost.Sequence, dead.Problem));
        Assert.InRange(sent.Count, 10, 25);
    }

    [Fact]
    public void Receiver_ThatLetsNothingIn_IsFoundOutWithAFewRequestsAndNothingDies()
    {
        var plan = PlanOf(Costs.Many(500));
        var sent = 1;
        while (plan.Ended(plan.Next(Now)!, Unclear(), Now) == TimeSpan.Zero)
            sent++;
        Assert.InRange(sent, 2, 12);

        // Then one request a minute, however long it lasts, and no more batches than there were.
        for (var minute = 0; minute < 1_000; minute++)
            Assert.Equal(PagePlan.MendPause, plan.Ended(plan.Next(Now)!, Unclear(), Now));
        Assert.Empty(plan.TakeDead());

        // Mended: all of it goes, and in not many more requests than it would have taken.
        var drained = Drain(plan, Take);
        Assert.Equal(500, drained.Sum(batch => batch.Costs.Count));
        Assert.InRange(drained.Count, 5, 20);
    }

    [Fact]
    public void Receiver_ThatTookOthersBefore_HasNothingDieWhenItLetsNothingInAnyMore()
    {
        var plan = PlanOf(Costs.Many(300));
        plan.Ended(plan.Next(Now)!, SinkAnswer.AllOf(Costs.Many(100)), Now);

        for (var i = 0; i < 200; i++)
            plan.Ended(plan.Next(Now)!, Unclear(), Now);

        Assert.Empty(plan.TakeDead());
        Assert.Equal(200, Drain(plan, Take).Sum(batch => batch.Costs.Count));
    }

    // All that there is may be of one customer whom it does not know: what comes behind shows it.
    [Fact]
    public void Costs_OfWhichNoneIsLetIn_WaitForOthersToShowWhoseFaultItIs()
    {
        var plan = PlanOf(Costs.Many(20));
        while (plan.Ended(plan.Next(Now)!, Unclear(), Now) == TimeSpan.Zero) { }
        Assert.True(plan.WantsMore);

        plan.Add([Costs.Of(21)]);
        Drain(plan, batch => batch.Costs.All(cost => cost.Sequence == 21) ? SinkAnswer.AllOf(batch.Costs) : Unclear());

        Assert.Equal(Enumerable.Range(1, 20), plan.TakeDead().Select(dead => (int)dead.Cost.Sequence).Order());
    }

    [Fact]
    public void Cost_ThatAloneOfItsRequestsIsNotLetIn_IsTriedOnceMoreBeforeItDies()
    {
        var plan = PlanOf(Costs.Many(3));
        plan.Ended(plan.Next(Now)!, new SinkAnswer { Taken = ["s1#8df2.1.1", "s1#8df2.3.1"], Left = Unclear().Left }, Now);
        Assert.Empty(plan.TakeDead());

        plan.Ended(plan.Next(Now)!, Unclear(), Now);
        Assert.Equal(2, Assert.Single(plan.TakeDead()).Cost.Sequence);
    }

    private static SinkAnswer Unclear() => SinkAnswer.NoneFor(new LeftCosts(LeftFor.Unclear, "it answered 403"));

    private static PagePlan PlanOf(
        IEnumerable<BilledCost> costs,
        int batchSize = 100,
        bool takesZero = false,
        TimeSpan? oldest = null,
        TimeSpan? newest = null,
        TimeSpan? remembersFor = null
    )
    {
        var plan = new PagePlan(
            new SinkLimits
            {
                Name = "it",
                BatchSize = batchSize,
                TakesZero = takesZero,
                Oldest = oldest,
                Newest = newest,
                RemembersFor = remembersFor,
            }
        );
        plan.Add(costs);
        return plan;
    }

    private static SinkAnswer Take(PlannedBatch batch) => SinkAnswer.AllOf(batch.Costs);

    private static SinkAnswer Later(TimeSpan? retryAfter = null, bool mayBeTaken = false) =>
        SinkAnswer.NoneFor(new LeftCosts(LeftFor.Later, "it answered 500", retryAfter, mayBeTaken));

    private static List<PlannedBatch> Drain(PagePlan plan, Func<PlannedBatch, SinkAnswer> answer)
    {
        var sent = new List<PlannedBatch>();
        while (plan.Next(Now) is { } batch)
        {
            sent.Add(batch);
            plan.Ended(batch, answer(batch), Now);
            Assert.InRange(sent.Count, 1, 1_000);
        }

        return sent;
    }
}
