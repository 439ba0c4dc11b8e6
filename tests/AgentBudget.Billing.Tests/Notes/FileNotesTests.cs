using AgentBudget.Billing.Notes;

namespace AgentBudget.Billing.Tests.Notes;

public sealed class FileNotesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-notes-");

    private string Path => System.IO.Path.Combine(folder.FullName, "bill.dead");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DeadLetters_ThatWereKept_AreReadAsTheyWere()
    {
        var dead = new DeadCost
        {
            Problem = "the tenant acme has no customer",
            At = Costs.Now,
            DoubtfulSince = Costs.Now.AddHours(-1),
            Cost = Costs.Of(1, "-0.000000001") with { Tags = new SortedDictionary<string, string> { ["a"] = "ü\n" } },
        };
        await new FileNotes(Path).WriteDeadAsync([dead], [], Cancelled);

        var read = Assert.Single(await new FileNotes(Path).ReadDeadAsync(Cancelled));

        Assert.Equal(dead.Cost.Tags, read.Cost.Tags);
        Assert.Equal(dead with { Cost = dead.Cost with { Tags = null } }, read with { Cost = read.Cost with { Tags = null } });
    }

    [Fact]
    public async Task DeadLetters_ThatAreGone_AreInTheFileNoMore()
    {
        var notes = new FileNotes(Path);
        var (one, two) = (Dead(1), Dead(2));
        await notes.WriteDeadAsync([one, two], [], Cancelled);
        await notes.WriteDeadAsync([], [one], Cancelled);
        Assert.Equal([2], (await new FileNotes(Path).ReadDeadAsync(Cancelled)).Select(dead => dead.Cost.Sequence));
        await notes.WriteDeadAsync([], [two], Cancelled);
        Assert.Empty(folder.GetFiles());
    }

    [Fact]
    public async Task Page_ThatIsOnItsWay_IsKeptUntilItHasArrived()
    {
        var begun = new BegunPage(Costs.Now, 17, "s1#8df2.1.1");
        await new FileNotes(Path).WriteBegunAsync(1, begun, Cancelled);
        Assert.Equal(begun, await new FileNotes(Path).ReadBegunAsync(1, Cancelled));
        Assert.Null(await new FileNotes(Path).ReadBegunAsync(0, Cancelled));
        await new FileNotes(Path).WriteBegunAsync(1, null, Cancelled);
        Assert.Null(await new FileNotes(Path).ReadBegunAsync(1, Cancelled));
    }

    [Fact]
    public async Task Line_ThatIsNoDeadLetter_IsNamed()
    {
        await File.WriteAllTextAsync(Path, "{}\n", Cancelled);
        var wrong = await Assert.ThrowsAsync<AgentBudgetException>(() => new FileNotes(Path).ReadDeadAsync(Cancelled));
        Assert.Contains("Line 1 of " + Path, wrong.Message);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static DeadCost Dead(int number) =>
        new()
        {
            Problem = "no",
            At = Costs.Now,
            Cost = Costs.Of(number),
        };
}
