using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using RawSdks;

namespace AgentBudget.Http.Tests.Samples;

/// <summary>The sample, and with it what README shows of it, does what is said of it.</summary>
public sealed class RawSdksTests(SharedLedger ledger)
{
    [Fact]
    public async Task EachWayIn_AgainstTheProviderOnLoopback_IsSettled()
    {
        await using var provider = await LoopbackProvider.StartAsync(TestContext.Current.CancellationToken);
        await using var session = await ledger.OpenAsync("0.05");
        var endpoint = new Uri(provider.Address, "v1/");

        Assert.Equal("Hello, world.", await OpenAiSdk.RunAsync(session, "none", endpoint));
        Assert.Equal("Hello, world.", await AnthropicSdk.RunAsync(session, "none", provider.Address.ToString().TrimEnd('/')));
        Assert.Equal("200", await AllClients.RunAsync(session, "none", endpoint));

        Assert.Equal("Reserved, Settled, Reserved, Settled, Reserved, Settled", await session.RowsAsync());
        Assert.Equal(3, provider.Calls.Count);
    }
}
