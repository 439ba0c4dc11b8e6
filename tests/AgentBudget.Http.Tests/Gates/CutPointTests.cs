using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;
using FakeProvider;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>Ten places at which a stream ends before its end, of every shape, however it ends: never below what the provider bills, which
/// goes on for a second until it notices.</summary>
public sealed class CutPointTests(SharedLedger ledger)
{
    private const int Tokens = 400;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Ends
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in HttpWay.All.Keys.Where(name => !name.EndsWith("synchronous", StringComparison.Ordinal)))
            {
                foreach (var end in (string[])["broken", "in order", "cancelled", "timed out", "closed"])
                    data.Add(name, end);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task Stream_ThatEndsBeforeItsEnd_CostsNoLessThanTheBill(string name, string end)
    {
        var way = HttpWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        for (var place = 0; place < 10; place++)
        {
            await using var session = await ledger.OpenAsync("5.00");
            var before = await provider.BillAsync();

            await RunAsync(way, provider, session, end, place);

            await ForgottenAsync(session);
            var billed = await provider.BillAsync() - before;
            var spent = await session.SpentAsync();
            Assert.True(spent >= billed, $"place {place}: {spent} settled, {billed} billed");
            // A connection that broke before its first byte is tried again.
            var rows = await session.EntriesAsync();
            Assert.Equal(rows.Count(row => row.Kind == EntryKind.Reserved), rows.Count(row => row.Kind == EntryKind.Settled));
        }
    }

    // An SDK that is cancelled between the response and its first byte forgets the response.
    private static async Task ForgottenAsync(BudgetSession session)
    {
        for (var round = 0; round < 100; round++)
        {
            if ((await session.ReportAsync(cancellationToken: Stop)).Standing.Reserved == Money.Zero)
                return;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }

    private static async Task RunAsync(HttpWay way, LoopbackProvider provider, BudgetSession session, string end, int place)
    {
        var isCut = end is "broken" or "in order";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var http = session.HttpClient();
        provider.Always = Script.OfTokens(Tokens) with
        {
            ReasoningTokens = 50,
            CutAfterBytes = isCut ? 40 + (place * 300) : null,
            CutsInOrder = end == "in order",
            Before = (piece, gone) => isCut || piece < place ? Task.CompletedTask : WaitAsync(piece, gone),
        };
        try
        {
            await foreach (var piece in way.StreamAsync(http, provider.Address, cap: 2_000, ended.Token))
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
