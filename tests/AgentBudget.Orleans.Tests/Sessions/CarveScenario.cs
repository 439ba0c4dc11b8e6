using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>
/// A parent of $1.00 and two carved children, from opening to end, as steps with a key each: carve, charge, top-up, reserve and settle,
/// overspend, seal, return, late charge.
/// </summary>
internal sealed class CarveScenario(ClusterFixture fixture, string id)
{
    private readonly List<string> violations = [];

    public string ParentId => id;

    public string[] ChildIds { get; } = [id + "/one", id + "/two"];

    /// <summary>What was seen to be wrong in a state on the way; empty when all was well.</summary>
    public IReadOnlyList<string> Violations => violations;

    private IBudgetSession Parent => fixture.Cluster.Session(id);

    private IBudgetSession One => fixture.Cluster.Session(ChildIds[0]);

    private IBudgetSession Two => fixture.Cluster.Session(ChildIds[1]);

    private Func<Task<SessionAnswer>>[] Steps =>
        [
            () => Parent.ChargeAsync("0.05", "own"),
            () => Parent.OpenCarvedChildAsync(ChildIds[0], "0.30", "carve-one"),
            () => One.ChargeAsync("0.10", "charge"),
            () => One.TopUpAsync(new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" }),
            () => One.ReserveAsync("0.25", "reserve"),
            () => Parent.OpenCarvedChildAsync(ChildIds[1], "0.30", "carve-two"),
            () => Two.ChargeAsync("0.35", "overspend"),
            () => Two.CloseAsync(new CloseCommand { Key = "close" }),
            () => Two.ChargeAsync("0.02", "late"),
            () => Parent.CloseAsync(new CloseCommand { Key = "close" }),
        ];

    /// <summary>Opens the parent; nothing fails yet.</summary>
    public Task OpenAsync() => fixture.Cluster.OpenAsync(id, "1.00");

    /// <summary>Goes through the steps with a caller that sends each until it is answered. After a failure both sides have
    /// crashed.</summary>
    public async Task RunAsync()
    {
        foreach (var step in Steps)
        {
            if (!await TryAsync(step))
                await Patience.UntilKnownAsync(step);
        }
    }

    /// <summary>Goes through the steps until one fails; its caller goes away then, and so does everybody.</summary>
    public async Task RunUntilFailureAsync()
    {
        foreach (var step in Steps)
        {
            if (!await TryAsync(step))
                return;
        }
    }

    /// <summary>An operator ends the parent, and the sweep goes on with what is left, until nothing is.</summary>
    public async Task FinishAsync()
    {
        await Patience.UntilKnownAsync(() => Parent.CloseAsync(new CloseCommand { Key = "close" }));
        for (var round = 0; round < 4; round++)
        {
            fixture.Cluster.Clock.Advance(TimeSpan.FromMinutes(2));
            await fixture.Cluster.SweepAsync();
        }
    }

    /// <summary>At the end nothing is carved any more, and the parent has spent what it and its children have.</summary>
    public async Task AssertWholeAsync()
    {
        var own = (await fixture.Store.LawfulAsync(id))
            .Where(entry => entry.Kind == EntryKind.Charged && entry.Child is null)
            .Sum(entry => entry.Amount.NanoDollars);
        var parent = (await HeadAsync(id))!;
        var ofChildren = 0L;
        foreach (var childId in ChildIds)
        {
            await fixture.Store.LawfulAsync(childId);
            if (await HeadAsync(childId) is not { } child)
                continue;
            var row = await fixture.Store.Inner.FindHolderAsync(id, childId, child.Life, TestContext.Current.CancellationToken);
            if (row is null)
            {
                // Its invitation came after its parent had given it up: it has nothing, and gets nothing.
                Assert.Equal((Money.Zero, Money.Zero), (child.Link!.Granted, child.Spent));
                continue;
            }

            Assert.Equal((child.Spent, HolderEnd.Sealed), (row.Spent, row.End));
            Assert.True(child is { End: not EndReason.None, Reserved.NanoDollars: 0, Link.HasNews: false });
            ofChildren += child.Spent.NanoDollars;
        }

        Assert.Empty((await fixture.Store.Inner.LoadAsync(id, TestContext.Current.CancellationToken))!.OpenHolders);
        Assert.Equal(own + ofChildren, parent.Spent.NanoDollars);
        Assert.Equal((Money.Zero, EndReason.Closed), (parent.Reserved, parent.End));
    }

    /// <summary>Looks at what is durable now: L1 and L2 for each, and no child holds money that its parent has not set aside.</summary>
    public void Look()
    {
        // Children first: a parent that has moved on meanwhile has set aside more, and has booked more, never less.
        var children = ChildIds.Select(childId => Read(childId)?.Head).ToArray();
        if (Read(id) is not { } parent)
            return;
        foreach (var head in children.Append(parent.Head).OfType<SessionHead>())
        {
            try
            {
                Timelines.AssertMoney(head.Standing);
            }
            catch (Xunit.Sdk.XunitException exception)
            {
                Report($"{head.SessionId}: {exception.Message}");
            }
        }

        foreach (var child in children.OfType<SessionHead>().Where(child => child is { IsOpened: true, End: EndReason.None }))
        {
            var held = parent.OpenHolders.SingleOrDefault(row => row.HolderId == child.SessionId)?.Granted ?? Money.Zero;
            if (child.Link!.Granted > held)
                Report($"{child.SessionId} has been granted {child.Link.Granted}, of which its parent knows {held}.");
        }
    }

    private void Report(string violation)
    {
        lock (violations)
            violations.Add(violation);
    }

    private async Task<bool> TryAsync(Func<Task<SessionAnswer>> step)
    {
        try
        {
            var answer = await step().InTimeAsync();
            Assert.True(answer.IsGranted, $"refused: {answer.Refusal}");
            return true;
        }
        catch (BudgetUnavailableException)
        {
            foreach (var sessionId in ChildIds.Append(id))
                await fixture.Cluster.ForgetAsync(sessionId);
            return false;
        }
    }

    private async Task<SessionHead?> HeadAsync(string sessionId) =>
        (await fixture.Store.Inner.LoadAsync(sessionId, TestContext.Current.CancellationToken))?.Head;

    // The store in memory answers at once.
    private StoredLedger? Read(string sessionId) => fixture.Store.Inner.LoadAsync(sessionId, CancellationToken.None).AsTask().Result;
}
