using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;
using FakeProvider;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>Ten places at which a stream ends before its end, however it ends: never below what the provider bills, which goes on for a
/// second until it notices.</summary>
internal static class CutPoints
{
    private const int Places = 10;
    private const int Tokens = 400;

    /// <summary>How a stream can end before its end.</summary>
    public static readonly IReadOnlyList<string> Ends = ["broken", "in order", "cancelled", "timed out", "closed"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Each way with each end.</summary>
    public static TheoryData<string, string> Of(IEnumerable<string> ways) => new(from way in ways from end in Ends select (way, end));

    // Side by side, each with a provider and a session of its own: a provider takes a second to notice.
    public static Task AssertCostNoLessThanTheBillAsync(SharedLedger ledger, Way way, string end) =>
        Task.WhenAll(Enumerable.Range(0, Places).Select(place => AssertCostNoLessThanTheBillAsync(ledger, way, end, place)));

    private static async Task AssertCostNoLessThanTheBillAsync(SharedLedger ledger, Way way, string end, int place)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        await using var session = await ledger.OpenAsync("5.00");

        await RunAsync(way, provider, session, end, place);

        await ForgottenAsync(session, provider);
        var billed = await provider.BillAsync();
        var spent = await session.SpentAsync();
        Assert.True(spent >= billed, $"place {place}: {spent} settled, {billed} billed");
        // A connection that broke before its first byte is tried again.
        var rows = await session.EntriesAsync();
        Assert.Equal(rows.Count(row => row.Kind == EntryKind.Reserved), rows.Count(row => row.Kind == EntryKind.Settled));
    }

    // An SDK that is cancelled between the response and its first byte forgets the response, whose connection stays open until it is
    // collected.
    private static async Task ForgottenAsync(BudgetSession session, LoopbackProvider provider)
    {
        for (var round = 0; round < 100; round++)
        {
            await Task.WhenAny(provider.WhenIdleAsync(), Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Stop));
            if (provider.WhenIdleAsync().IsCompleted && await IsOverAsync(session))
                return;
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static async Task<bool> IsOverAsync(BudgetSession session) =>
        (await session.ReportAsync(cancellationToken: Stop)).Standing.Reserved == Money.Zero;

    private static async Task RunAsync(Way way, LoopbackProvider provider, BudgetSession session, string end, int place)
    {
        var isCut = end is "broken" or "in order";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        provider.Always = Script.OfTokens(Tokens) with
        {
            ReasoningTokens = 50,
            CutAfterBytes = isCut ? 40 + (place * 300) : null,
            CutsInOrder = end == "in order",
            Before = (piece, gone) => isCut || piece < place ? Task.CompletedTask : WaitAsync(piece, gone),
        };
        try
        {
            await foreach (var piece in way.StreamAsync(session, provider.Address, cap: 2_000, ended.Token))
            {
                if (end == "closed" && piece.Length > 0)
                    break;
            }
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException) { }

        // The model thinks, and somebody has had enough.
        async Task WaitAsync(int piece, CancellationToken gone)
        {
            if (end == "closed" && piece == 0)
                return;
            if (end == "closed")
                await Task.Delay(Timeout.Infinite, gone);
            if (end == "timed out")
                ended.CancelAfter(TimeSpan.FromMilliseconds(1));
            else
                await ended.CancelAsync();
            await Task.Delay(Timeout.Infinite, gone);
        }
    }
}
