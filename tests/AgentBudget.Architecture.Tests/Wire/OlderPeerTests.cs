using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace AgentBudget.Architecture.Tests.Wire;

/// <summary>
/// Silos and clients of two versions talk while a cluster is brought up to date. What one of before image counts sent was taken down
/// from it, as bytes; it read what <see cref="SentToAnOlderPeer"/> holds as the same usage without the images.
/// </summary>
public sealed class OlderPeerTests : IDisposable
{
    private const string UsageOfAnOlderPeer = "2000421F01A20F01220301D20201A101320201790151010D0109E0";
    private const string CallOfAnOlderPeer =
        "20081501410B6770742D35C101C10101012100421F01A20F01220301D20201A101320201790151010D0109E0C101C1010915010101010101010101E0";
    private const string SentToAnOlderPeer = "2000421F01A20F01220301D20201A101320201790151010D010901F101C9E0";

    private static readonly TokenUsage WithoutImages = new(1_000, 500)
    {
        CacheRead = 100,
        CacheWrite = 90,
        CacheWriteOneHour = 40,
        Reasoning = 70,
        InputAudio = 30,
        OutputAudio = 20,
        WebSearches = 3,
        RerankSearches = 2,
    };

    private readonly ServiceProvider services = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(IBudgetSession).Assembly))
        .BuildServiceProvider();

    private Serializer Serializer => services.GetRequiredService<Serializer>();

    [Fact]
    public void Usage_OfAnOlderPeer_HasNoImages() =>
        Assert.Equal(WithoutImages, Serializer.Deserialize<TokenUsage>(Convert.FromHexString(UsageOfAnOlderPeer)));

    [Fact]
    public void Call_OfAnOlderPeer_HasNoImages() =>
        Assert.Equal(new Call { Name = "gpt-5", Usage = WithoutImages }, Serializer.Deserialize<Call>(Convert.FromHexString(CallOfAnOlderPeer)));

    [Fact]
    public void Usage_WithImages_IsSentAsAnOlderPeerReadIt()
    {
        var usage = WithoutImages with { InputImage = 60, OutputImage = 50 };
        Assert.Equal(SentToAnOlderPeer, Convert.ToHexString(Serializer.SerializeToArray(usage)));
    }

    public void Dispose() => services.Dispose();
}
