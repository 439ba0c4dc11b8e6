using AgentBudget.Orleans.PostgreSql.Partitions;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.PostgreSql.Tests.Partitions;

/// <summary>A session stands in one partition, the same for ever.</summary>
public sealed class PartitionTests(SharedServer shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("session-1", 1, 0)]
    [InlineData("session-1", 2, 1)]
    [InlineData("session-1", 64, 15)]
    [InlineData("ticket-4711", 2, 1)]
    [InlineData("ticket-4711", 7, 2)]
    [InlineData("acme/research:42", 2, 1)]
    [InlineData("acme/research:42", 16, 7)]
    [InlineData("a", 2, 1)]
    [InlineData("b", 2, 0)]
    public void Hash_OfAnId_NeverChanges(string id, int partitions, int expected) =>
        Assert.Equal(expected, PartitionHash.PartitionOf(id, partitions));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void Hash_OfManyIds_SpreadsThem(int partitions)
    {
        const int sessions = 64_000;
        var counts = new int[partitions];
        for (var i = 0; i < sessions; i++)
            counts[PartitionHash.PartitionOf($"session-{i}", partitions)]++;
        Assert.All(counts, count => Assert.InRange(count, sessions / partitions * 85 / 100, sessions / partitions * 115 / 100));
    }

    [Fact]
    public async Task Append_SessionsOfTwoPartitions_StandInOneEach()
    {
        var ledger = await TestLedger.NewAsync(shared.Server, partitions: 2);
        using var store = await ledger.StartAsync();
        var sessions = Enumerable.Range(0, 40).Select(i => new GrowingSession($"session-{i:d2}")).ToArray();
        await store.AppendAsync([.. sessions.Select(session => session.Open())]);
        await store.AppendAsync([.. sessions.Select(session => session.Reserve())]);

        for (var partition = 0; partition < 2; partition++)
        {
            var expected = sessions.Count(session => PartitionHash.PartitionOf(session.Id, 2) == partition);
            Assert.InRange(expected, 1, 39);
            Assert.Equal((long)expected, await ledger.ScalarAsync("SELECT count(*) FROM ledger", partition));
            Assert.Equal(2L * expected, await ledger.ScalarAsync("SELECT count(*) FROM entry", partition));
            Assert.Equal((long)expected, await ledger.ScalarAsync("SELECT count(*) FROM side_row", partition));
        }

        Assert.Equal(
            sessions.Select(session => session.Id),
            (await store.ListAsync(new SessionListing(), Token)).Select(head => head.SessionId)
        );
    }
}
