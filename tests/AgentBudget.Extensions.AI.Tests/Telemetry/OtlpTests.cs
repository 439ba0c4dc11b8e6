using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Server.Tests.Processes;
using FakeProvider;
using Microsoft.Extensions.AI;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace AgentBudget.Extensions.AI.Tests.Telemetry;

/// <summary>What a tool that takes OTLP, and knows nothing of this library, is told of the money: on the span of the chat.</summary>
public sealed class OtlpTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Ways =>
        new(
            from name in (string[])["openai-chat", "openai-responses", "anthropic", "openai-chat-and-wire"]
            from isStream in (bool[])[false, true]
            select (name, isStream)
        );

    [Theory, MemberData(nameof(Ways))]
    public async Task Span_OfAChat_CarriesItsCostByOtlpAlone(string name, bool isStream)
    {
        var way = WiredChatWay.All.TryGetValue(name, out var wired) ? wired : (ChatWay)ChatWay.All[name];
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        await using var session = await ledger.OpenAsync("1.00");
        var source = $"chat-{Guid.CreateVersion7():N}";
        using (Exporting(source, receiver))
        {
            using var client = way.Client(session, provider.Address).AsBuilder().UseOpenTelemetry(sourceName: source).Build();
            if (isStream)
                await client.GetStreamingResponseAsync("Say hello.", ChatWay.Options(500), Stop).ToChatResponseAsync(Stop);
            else
                await client.GetResponseAsync("Say hello.", ChatWay.Options(500), Stop);
        }

        var told = Assert.Single(receiver.Bodies("traces").SelectMany(OtlpSpan.Read)).Attributes;
        var bill = await provider.BillAsync();
        Assert.Equal("chat", told["gen_ai.operation.name"]);
        Assert.Equal((double)bill.Dollars, told["gen_ai.usage.cost"]);
        Assert.Equal(bill.ToDecimalString(), told["agentbudget.cost"]);
        Assert.Equal(session.Id, told["agentbudget.session"]);
        Assert.Equal("1.000000000", told["agentbudget.budget"]);
        Assert.Equal(bill.ToDecimalString(), told["agentbudget.spent"]);
        Assert.Equal((Money.Parse("1.00") - bill).ToDecimalString(), told["agentbudget.available"]);
    }

    // Why a turn ended is what somebody who looks at a trace wants to know.
    [Fact]
    public async Task Span_OfTheLastAnswer_SaysThatTheBudgetEndedIt()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var session = await ledger.OpenAsync(
            new BudgetSessionOptions { Budget = Money.Parse("1.00"), FinalizationReserve = 0.1m }
        );
        await session.TrackAsync("spent", "search", "0.8999", null, Stop);
        var source = $"chat-{Guid.CreateVersion7():N}";
        using (Exporting(source, receiver))
        {
            using var model = new Fakes.ScriptedChatClient();
            using var client = model.WithBudget(session).AsBuilder().UseOpenTelemetry(sourceName: source).Build();
            await client.GetResponseAsync("Say hello.", ChatWay.Options(1_000), Stop);
        }

        var told = Assert.Single(receiver.Bodies("traces").SelectMany(OtlpSpan.Read)).Attributes;
        Assert.Equal("budget_exhausted", told["agentbudget.stop"]);
    }

    // Each span is sent as it ends; what is left when it is disposed is sent then.
    private static TracerProvider Exporting(string source, OtlpReceiver receiver) =>
        Sdk.CreateTracerProviderBuilder()
            .AddSource(source)
            .AddOtlpExporter(options =>
            {
                options.Endpoint = new Uri(receiver.Address, "v1/traces");
                options.Protocol = OtlpExportProtocol.HttpProtobuf;
                options.ExportProcessorType = ExportProcessorType.Simple;
            })
            .Build();
}
