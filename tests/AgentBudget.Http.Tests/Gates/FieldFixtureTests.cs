using System.Net.Http.Json;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using static AgentBudget.Http.Tests.Ledgers.SessionReading;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>
/// A fixture of the field: 100 calls of $0.18 at worst on $1.00, which they all use. Guards that look after the call spend $1.08, guards
/// that look at averages stop at $0.90, and those that do neither spend $18.00.
/// </summary>
public sealed class FieldFixtureTests(SharedLedger ledger)
{
    // $10 for a million tokens out, nothing for those in: $0.18 is 18,000 tokens.
    private const int TokensOfACall = 18_000;

    private static readonly ProviderRates Rates = new()
    {
        Input = 0,
        Cached = 0,
        CacheWrite = 0,
        Output = 10,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HundredCalls_NotClamped_SpendAtLeastNinetyCents()
    {
        var (spent, billed, calls) = await RunAsync(new AgentBudgetHttpOptions { Clamps = false }, cap: TokensOfACall);
        Assert.Equal((Money.Parse("0.90"), Money.Parse("0.90"), 5), (spent, billed, calls));
    }

    [Fact]
    public async Task HundredCalls_Clamped_SpendAllOfIt()
    {
        var (spent, billed, calls) = await RunAsync(options: null, cap: TokensOfACall);
        Assert.Equal((Money.Parse("1.00"), Money.Parse("1.00"), 6), (spent, billed, calls));
    }

    // The model's own most is $1.28 a call, or nobody knows it; what each is granted is what it uses.
    [Theory]
    [InlineData(128_000L)]
    [InlineData(null)]
    public async Task HundredCalls_WithoutACap_SpendAtLeastNinetyNineCents(long? most)
    {
        var (spent, billed, _) = await RunAsync(options: null, cap: null, most);
        Assert.Equal(spent, billed);
        Within(spent, Money.Parse("0.99"), Money.Parse("1.00"));
    }

    private async Task<(Money Spent, Money Billed, int Calls)> RunAsync(AgentBudgetHttpOptions? options, int? cap, long? most = null)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = Rates;
        provider.Always = Script.OfTokens(TokensOfACall / 10) with { InputTokens = 0, TokensPerPiece = 10 };
        await using var session = await ledger.OpenAsync(
            "1.00",
            client =>
                client.Prices = new LivePricesOptions { Models = [new ModelPrice("acme", "large", 0m, 10m) { MaxOutputTokens = most }] }
        );
        using var http = session.HttpClient(options);
        for (var i = 0; i < 100; i++)
        {
            try
            {
                using var answer = await http.PostAsJsonAsync(new Uri(provider.Address, "v1/chat/completions"), Question(cap), Stop);
                answer.EnsureSuccessStatusCode();
            }
            catch (MoneyRefusedException)
            {
                break;
            }
        }

        return (await session.SpentAsync(), await provider.BillAsync(), provider.Calls.Count);
    }

    private static object Question(int? cap) =>
        new
        {
            model = "acme/large",
            max_tokens = cap,
            messages = new[] { new { role = "user", content = "Say hello." } },
        };
}
