using System.Text;
using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Wrapping;

/// <summary>What a provider did not say is not zero.</summary>
public sealed class UsageNotSaidTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wrap_UsageThatWasForgotten_IsRefusedAndTheReservationSettledAndMarked()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await Assert.ThrowsAsync<UncostedCallException>(() =>
            session.WrapAsync(
                CallEstimate.Model("gpt-5", 2_000, 500),
                _ => Task.FromResult("answer"),
                _ => default(TokenUsage),
                cancellationToken: Stop
            )
        );
        await AssertReservedAsync(session);
    }

    [Fact]
    public async Task Wrap_CostThatWasForgotten_IsRefusedAndTheReservationSettledAndMarked()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await Assert.ThrowsAsync<UncostedCallException>(() =>
            session.WrapAsync(
                CallEstimate.Model("gpt-5", 2_000, 500),
                _ => Task.FromResult("answer"),
                _ => default,
                cancellationToken: Stop
            )
        );
        await AssertReservedAsync(session);
    }

    [Fact]
    public async Task Wrap_UsageThatWasNotSaid_SettlesTheReservationAndMarksIt()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", 2_000, 500),
            _ => Task.FromResult<TokenUsage?>(null),
            usage => usage,
            cancellationToken: Stop
        );
        await AssertReservedAsync(session);
    }

    [Fact]
    public async Task Wrap_ResponseWithoutUsage_SettlesTheReservationAndMarksIt()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await WrapAsync(session, """{"choices":[],"model":"gpt-5"}""");
        await AssertReservedAsync(session);
    }

    [Fact]
    public async Task Wrap_ResponseThatSaysZero_CostsNothing()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await WrapAsync(session, """{"choices":[],"model":"gpt-5","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}""");
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((Money.Zero, CostSource.Provider), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Wrap_ResponseWithTheProvidersCost_SettlesItAndKeepsTheTables()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await WrapAsync(
            session,
            """{"choices":[],"model":"openai/gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":10,"cost":0.0031,"cost_details":{}}}"""
        );
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((Dollars("0.0031"), CostSource.Provider), (settled.Amount, settled.Call!.Source));
        // 1,000 x 2.5 and 10 x 10 millionths.
        Assert.Equal(Dollars("0.0026"), settled.Call.TableCost);
    }

    [Fact]
    public async Task Charge_OfWhatWasNotSaid_IsRefusedAndRecordsNothing()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await Assert.ThrowsAsync<ArgumentException>(() => session.ChargeAsync("gpt-5", ActualCost.NotSaid, cancellationToken: Stop));
        Assert.Equal(1, (await session.NowAsync()).Sequence);
    }

    private static Task<ResponseUsage> WrapAsync(BudgetSession session, string body) =>
        session.WrapAsync(
            CallEstimate.Model("gpt-5", 2_000, 500),
            _ => Task.FromResult(ResponseReader.Read(Encoding.UTF8.GetBytes(body))),
            ActualCost.Of,
            cancellationToken: Stop
        );

    private static async Task AssertReservedAsync(BudgetSession session)
    {
        var reserved = Assert.Single(await session.EntriesAsync(EntryKind.Reserved));
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((reserved.Amount, CostSource.Reserved), (settled.Amount, settled.Call!.Source));
    }
}
