using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract;

/// <summary>Lists of deliveries: rows by name, put over one another, deleted one by one or whole.</summary>
public abstract partial class LedgerStoreContract
{
    [Fact]
    public async Task Deliveries_OfAList_AreReadByNameAndInPages()
    {
        await PutAsync(("one", "b", "2"), ("one", "a", "1"), ("one", "B", "0"), ("two", "a", "other"));
        Assert.Equal([("B", "0"), ("a", "1"), ("b", "2")], await ListAsync("one", null, 10));
        Assert.Equal([("B", "0"), ("a", "1")], await ListAsync("one", null, 2));
        Assert.Equal([("b", "2")], await ListAsync("one", "a", 2));
        Assert.Empty(await ListAsync("none", null, 10));
    }

    [Fact]
    public async Task Deliveries_PutAgain_StandOnceAndDeletedOnesAreGone()
    {
        await PutAsync(("one", "a", "1"), ("one", "b", "2"));
        await Store.Deliveries.WriteAsync(
            0,
            [new DeliveryRow("one", "a", "other 'text' \"é\"")],
            [new DeliveryKey("one", "b"), new DeliveryKey("one", "none")],
            Token
        );
        Assert.Equal([("a", "other 'text' \"é\"")], await ListAsync("one", null, 10));
        await Store.Deliveries.WriteAsync(0, [], [new DeliveryKey("one", "a")], Token);
        Assert.Empty(await ListAsync("one", null, 10));
    }

    [Fact]
    public async Task Deliveries_OfADeletedList_AreGoneAndOthersStay()
    {
        await PutAsync(("one", "a", "1"), ("one", "b", "2"), ("one/more", "a", "3"));
        await Store.Deliveries.DeleteAsync(0, "one", Token);
        await Store.Deliveries.DeleteAsync(0, "none", Token);
        Assert.Empty(await ListAsync("one", null, 10));
        Assert.Equal([("a", "3")], await ListAsync("one/more", null, 10));
    }

    private async Task PutAsync(params (string List, string Name, string Detail)[] rows) =>
        await Store.Deliveries.WriteAsync(0, [.. rows.Select(row => new DeliveryRow(row.List, row.Name, row.Detail))], [], Token);

    private async Task<(string Name, string Detail)[]> ListAsync(string list, string? after, int count) =>
        [.. (await Store.Deliveries.ReadAsync(0, list, after, count, Token)).Select(row => (row.Name, row.Detail))];
}
