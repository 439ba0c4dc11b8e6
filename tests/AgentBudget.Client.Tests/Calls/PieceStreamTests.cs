using System.Net;
using System.Runtime.CompilerServices;
using AgentBudget.Client.Tests.Ledgers;
using Microsoft.Extensions.Logging;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Calls;

/// <summary>A stream of pieces under a budget: they come out as they come in, and the call is settled however the stream ends.</summary>
public sealed class PieceStreamTests(SharedLedger ledger)
{
    private const string Model = "claude-opus-4-8";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Piece[] Whole = [new("one "), new("two "), new("three", new TokenUsage(1_000, 40), true), new("")];

    [Fact]
    public async Task Stream_ThatEnds_HandsOnEveryPieceAndIsSettledByItsUsage()
    {
        await using var session = await ledger.OpenAsync("10.00");
        var pieces = await session
            .WrapStreamAsync(Estimate(), (_, token) => Of(Whole, token), Read, cancellationToken: Stop)
            .ToListAsync(Stop);
        Assert.Equal(Whole, pieces);
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((Dollars("0.006"), CostSource.Provider), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Pieces_ComeOutBeforeTheNextIsThere_AndTheLastOneAfterTheSettlement()
    {
        await using var session = await ledger.OpenAsync("10.00");
        var read = 0;
        var came = 0;
        await foreach (var piece in session.WrapStreamAsync(Estimate(), (_, _) => Counted(), Read, cancellationToken: Stop))
        {
            Assert.Equal(++read, came);
            Assert.Equal(piece.IsLast || piece.Text.Length == 0 ? 1 : 0, (await session.EntriesAsync(EntryKind.Settled)).Count);
        }

        async IAsyncEnumerable<Piece> Counted()
        {
            foreach (var piece in Whole)
            {
                came++;
                await Task.Yield();
                yield return piece;
            }
        }
    }

    [Fact]
    public async Task Stream_ThatNobodyReads_SetsNothingAside()
    {
        await using var session = await ledger.OpenAsync("10.00");
        _ = session.WrapStreamAsync(Estimate(), (_, token) => Of(Whole, token), Read, cancellationToken: Stop);
        Assert.Equal(1, (await session.NowAsync()).Sequence);
    }

    [Fact]
    public async Task Stream_ReadTwice_IsTwoCalls()
    {
        await using var session = await ledger.OpenAsync("10.00");
        var stream = session.WrapStreamAsync(Estimate(), (_, token) => Of(Whole, token), Read, cancellationToken: Stop);
        await stream.ToListAsync(Stop);
        await stream.ToListAsync(Stop);
        Assert.Equal(Dollars("0.012"), (await session.NowAsync()).Spent);
    }

    // The input as estimated, at the dearest, eight bytes seen, and 3,000 tokens a second for two seconds and the one in which
    // nobody notices: 10,000 x 10 and 9,008 x 25 millionths.
    [Theory]
    [InlineData("given up", CostSource.Estimated)]
    [InlineData("cut short", CostSource.Estimated)]
    [InlineData("failed", CostSource.Reserved)]
    public async Task Stream_ThatIsCut_IsSettledAtWhatItCanHaveUsed(string how, CostSource source)
    {
        var clock = new StandingClock();
        await using var session = await ledger.NewClient(clock: clock).OpenAsync("10.00", cancellationToken: Stop);
        var stream = session.WrapStreamAsync(Estimate(), (_, _) => Cut(), Read, cancellationToken: Stop);
        if (how == "failed")
        {
            await Assert.ThrowsAsync<IOException>(async () => await stream.ToListAsync(Stop));
        }
        else
        {
            await foreach (var piece in stream.WithCancellation(Stop))
            {
                if (how == "given up" && piece.Text == "two ")
                    break;
            }
        }

        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        // Whose connection broke may go on.
        var reserved = Assert.Single(await session.EntriesAsync(EntryKind.Reserved)).Amount;
        Assert.Equal((source == CostSource.Reserved ? reserved : Dollars("0.3252"), source), (settled.Amount, settled.Call!.Source));

        async IAsyncEnumerable<Piece> Cut()
        {
            yield return Whole[0];
            await Task.Yield();
            clock.Advance(TimeSpan.FromSeconds(2));
            yield return Whole[1];
            if (how == "failed")
                throw new IOException("the connection");
        }
    }

    [Fact]
    public async Task Stream_RefusedByItsProvider_CostsNothing()
    {
        await using var session = await ledger.OpenAsync("10.00");
        var fault = new HttpRequestException("?", null, HttpStatusCode.TooManyRequests);
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await session.WrapStreamAsync(Estimate(), (_, _) => Failing(fault), Read, cancellationToken: Stop).ToListAsync(Stop)
        );
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await session.WrapStreamAsync<Piece>(Estimate(), (_, _) => throw fault, Read, cancellationToken: Stop).ToListAsync(Stop)
        );
        Assert.Equal(Dollars("10.00"), (await session.NowAsync()).Available);
    }

    // A provider that answered with pieces bills them, whatever the error behind them looks like.
    [Fact]
    public async Task Stream_ThatFailsBehindAPieceWithoutText_IsNotGivenBack()
    {
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await session.WrapStreamAsync(Estimate(), (_, _) => Late(), Read, cancellationToken: Stop).ToListAsync(Stop)
        );
        Assert.True((await session.NowAsync()).Spent > Money.Zero);

        static async IAsyncEnumerable<Piece> Late()
        {
            yield return new Piece("");
            await Task.Yield();
            throw new HttpRequestException("?", null, HttpStatusCode.InternalServerError);
        }
    }

    [Fact]
    public async Task Stream_Cancelled_IsCut()
    {
        await using var session = await ledger.OpenAsync("10.00");
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            var stream = session.WrapStreamAsync(Estimate(), (_, token) => Of(Whole, token), Read, cancellationToken: Stop);
            await foreach (var _ in stream.WithCancellation(cancel.Token))
                await cancel.CancelAsync();
        });
        Assert.Equal(CostSource.Estimated, Assert.Single(await session.EntriesAsync(EntryKind.Settled)).Call!.Source);
    }

    [Fact]
    public async Task Stream_WhoseReaderThrows_LosesNoPieceAndIsSettledByWhatWasRead()
    {
        var log = new LogBook();
        await using var session = await ledger.NewClient(logger: log).OpenAsync("10.00", cancellationToken: Stop);
        var pieces = await session
            .WrapStreamAsync<Piece>(
                Estimate(),
                (_, token) => Of(Whole, token),
                (_, _) => throw new InvalidOperationException("a reader"),
                cancellationToken: Stop
            )
            .ToListAsync(Stop);
        Assert.Equal(4, pieces.Count);
        Assert.Equal(CostSource.Estimated, Assert.Single(await session.EntriesAsync(EntryKind.Settled)).Call!.Source);
        Assert.Single(log.Lines, line => line.Level == LogLevel.Error && line.Exception is InvalidOperationException);
    }

    [Fact]
    public async Task Stream_ThatMayBeClamped_IsToldItsCap()
    {
        await using var session = await ledger.OpenAsync("0.30");
        long? cap = null;
        var stream = session.WrapStreamAsync(
            CallEstimate.Model(Model, 10_000, 100_000),
            (call, token) =>
            {
                cap = call.MaxOutputTokens;
                return Of(Whole, token);
            },
            Read,
            new ReserveOptions { LeastOutputTokens = 100 },
            Stop
        );
        await stream.ToListAsync(Stop);
        Assert.True(cap is > 100 and < 100_000, $"{cap}");
    }

    private static CallEstimate Estimate() => CallEstimate.Model(Model, 10_000, 64_000);

    private static void Read(StreamedCall stream, Piece piece)
    {
        stream.SawText(piece.Text);
        if (piece.Usage is { } usage)
            stream.Report(usage, piece.IsLast);
    }

    private static async IAsyncEnumerable<Piece> Of(Piece[] pieces, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var piece in pieces)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return piece;
        }
    }

    private static async IAsyncEnumerable<Piece> Failing(Exception fault)
    {
        await Task.Yield();
        throw fault;
#pragma warning disable CS0162 // What makes it an iterator.
        yield return new Piece("");
#pragma warning restore CS0162
    }

    private sealed record Piece(string Text, TokenUsage? Usage = null, bool IsLast = false);
}
