using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;
using FakeProvider;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>What every way in must do, each with its rows of the timeline and with the calls that the provider saw.</summary>
public sealed class GateTests(SharedLedger ledger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Names => new(Way.All.Keys);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Names))]
    public async Task Allow_OfACallThatFits_SettlesWhatTheProviderBills(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("1.00");
        provider.Always = Script.Normal with { CachedTokens = name is "cohere" ? 0 : 5, ReasoningTokens = 30 };

        Assert.Equal("Hello, world.", await way.AskAsync(session.HttpClient(), provider.Address, cap: 1_000, Stop));

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
        Assert.Equal(CostSource.Provider, (await session.EntriesAsync(EntryKind.Settled)).Single().Call!.Source);
        Assert.Single(provider.Calls);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Deny_OfACallThatDoesNotFit_SendsNothingAndIsNotTriedAgain(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("0.0001");

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => way.AskAsync(session.HttpClient(), provider.Address, cap: 1_000, Stop));

        Assert.Contains(Chain(refused), exception => exception is RefusedException);
        Assert.Empty(provider.Calls);
        Assert.DoesNotContain("Reserved", await session.RowsAsync());
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Deny_OfAStream_SendsNothing(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("0.0001");

        var refused = await Assert.ThrowsAnyAsync<Exception>(async () =>
            await way.StreamAsync(session.HttpClient(), provider.Address, cap: 1_000, Stop).ToListAsync(Stop)
        );

        Assert.Contains(Chain(refused), exception => exception is RefusedException);
        Assert.Empty(provider.Calls);
    }

    // The provider sends its second piece when the reader has the first, and its end when the reader has all.
    [Theory, MemberData(nameof(Names))]
    public async Task Stream_IsHandedOnAsItComesAndSettlesWhatTheProviderBills(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("1.00");
        var read = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource()).ToArray();
        provider.Always = Script.Normal with
        {
            ReasoningTokens = 30,
            Before = (piece, gone) => piece > 0 ? read[piece - 1].Task.WaitAsync(Patience, gone) : Task.CompletedTask,
        };

        var count = 0;
        await foreach (var piece in way.StreamAsync(session.HttpClient(), provider.Address, cap: 1_000, Stop))
        {
            if (piece.Length > 0)
                read[count++].SetResult();
        }

        Assert.Equal(4, count);
        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
        Assert.Equal(CostSource.Provider, (await session.EntriesAsync(EntryKind.Settled)).Single().Call!.Source);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Cut_OfAStream_IsSettledAtNoLessThanTheBillAndMarked(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("5.00");
        provider.Always = Script.OfTokens(500) with { CutAfterBytes = 5_000, CutsInOrder = true };

        try
        {
            await way.StreamAsync(session.HttpClient(), provider.Address, cap: 2_000, Stop).ToListAsync(Stop);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException) { }

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        var settled = (await session.EntriesAsync(EntryKind.Settled)).Single();
        Assert.True(settled.Amount >= await provider.BillAsync(), $"{settled.Amount} settled, {provider.Bill} billed");
        Assert.True(settled.Call!.Source is CostSource.Estimated or CostSource.Reserved);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Retry_SetsMoneyAsideForEachAttempt(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("1.00");
        provider.Next(Script.Error(429, retryAfterSeconds: 0), Script.Error(500));
        string? answer = null;
        for (var attempt = 0; answer is null; attempt += way.Attempts)
        {
            try
            {
                answer = await way.AskAsync(session.HttpClient(), provider.Address, cap: 1_000, Stop);
            }
            catch (HttpRequestException) when (attempt + way.Attempts < 3) { }
        }

        Assert.Equal("Reserved, Released, Reserved, Released, Reserved, Settled", await session.RowsAsync());
        Assert.Equal(3, provider.Calls.Count);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
    }

    [Theory, MemberData(nameof(Names))]
    public async Task ProviderError_IsGivenBack(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("1.00");
        provider.Always = Script.Error(400);

        await Assert.ThrowsAnyAsync<Exception>(() => way.AskAsync(session.HttpClient(), provider.Address, cap: 1_000, Stop));

        Assert.Equal("Reserved, Released", await session.RowsAsync());
        Assert.Equal(Money.Zero, await session.SpentAsync());
        Assert.Single(provider.Calls);
    }

    // What something in between says is no answer of the provider.
    [Theory, MemberData(nameof(Names))]
    public async Task GatewayTimeout_IsSettledWholeForEachAttempt(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("1.00");
        provider.Always = Script.Error(504, retryAfterSeconds: 0);

        await Assert.ThrowsAnyAsync<Exception>(() => way.AskAsync(session.HttpClient(), provider.Address, cap: 1_000, Stop));

        Assert.Equal(way.Attempts, provider.Calls.Count);
        Assert.Equal(string.Join(", ", Enumerable.Repeat("Reserved, Settled", way.Attempts)), await session.RowsAsync());
        Assert.All(await session.EntriesAsync(EntryKind.Settled), entry => Assert.Equal(CostSource.Reserved, entry.Call!.Source));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Cancel_OfACallWithoutAnAnswer_IsSettledAtNoLessThanTheBill(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("1.00");
        var came = new TaskCompletionSource();
        provider.Always = Script.OfTokens(500) with
        {
            Hangs = true,
            Before = (_, _) =>
            {
                came.TrySetResult();
                return Task.CompletedTask;
            },
        };
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var asked = way.AskAsync(session.HttpClient(), provider.Address, cap: 1_000, cancelled.Token);
        await came.Task.WaitAsync(Patience, Stop);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => asked.WaitAsync(Patience, Stop));

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        Assert.True(await session.SpentAsync() >= await provider.BillAsync());
        Assert.Single(provider.Calls);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Cancel_OfAStream_IsSettledAtNoLessThanTheBill(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("5.00");
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        provider.Always = Script.OfTokens(500) with
        {
            Before = (piece, gone) => piece < 3 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, gone),
        };

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var piece in way.StreamAsync(session.HttpClient(), provider.Address, cap: 1_000, cancelled.Token))
            {
                if (piece.Length > 0)
                    await cancelled.CancelAsync();
            }
        });

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        Assert.True(await session.SpentAsync() >= await provider.BillAsync());
    }

    // Whoever breaks off a loop disposes the stream, and waits for nothing.
    [Theory, MemberData(nameof(Names))]
    public async Task Stream_ThatIsLeftOff_IsSettledWhenTheReportIsAskedFor(string name)
    {
        var way = Way.All[name];
        await using var provider = await StartAsync(way);
        await using var session = await ledger.OpenAsync("5.00");
        provider.Always = Script.OfTokens(500) with
        {
            Before = (piece, gone) => piece < 3 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, gone),
        };

        await foreach (var piece in way.StreamAsync(session.HttpClient(), provider.Address, cap: 1_000, Stop))
        {
            if (piece.Length > 0)
                break;
        }

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        Assert.True(await session.SpentAsync() >= await provider.BillAsync());
    }

    private static async Task<LoopbackProvider> StartAsync(Way way)
    {
        var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        return provider;
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var next = exception; next is not null; next = next.InnerException)
            yield return next;
    }
}
