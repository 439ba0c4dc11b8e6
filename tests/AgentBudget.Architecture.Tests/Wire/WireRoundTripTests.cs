using AgentBudget.Architecture.Tests.Samples;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace AgentBudget.Architecture.Tests.Wire;

/// <summary>
/// Everything that travels arrives as it was sent, property by property. A property that is added to the ledger without an id would be
/// lost without a word; here it fails.
/// </summary>
public sealed class WireRoundTripTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(IBudgetSession).Assembly))
        .BuildServiceProvider();

    public static TheoryData<Type, Filling> Types
    {
        get
        {
            var data = new TheoryData<Type, Filling>();
            var types = WireTypes.ByOwnCodec.Concat(WireTypes.Reachable).Distinct().Where(type => !type.IsAbstract);
            foreach (var type in types)
            {
                foreach (var filling in Enum.GetValues<Filling>())
                    data.Add(type, filling);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void Serializer_EveryPropertySet_ArrivesAsItWasSent(Type type, Filling filling)
    {
        var sent = Sample.Of(type, filling);
        var serializer = services.GetRequiredService<Serializer>();
        var received = serializer.Deserialize<object>(serializer.SerializeToArray(sent));
        Assert.Empty(Difference.Between(sent, received));
    }

    [Theory, MemberData(nameof(Types))]
    public void Copier_EveryPropertySet_ArrivesAsItWasSent(Type type, Filling filling)
    {
        var sent = Sample.Of(type, filling);
        Assert.Empty(Difference.Between(sent, services.GetRequiredService<DeepCopier>().Copy(sent)));
    }

    [Fact]
    public void Interfaces_EverythingThatTheyCarry_HasAWireForm() =>
        Assert.Empty(WireTypes.Reachable.Except(WireTypes.ByOwnCodec).Except(WireTypes.Serializable));

    [Fact]
    public void Copier_OptionsWithCollections_AreTheGrainsOwn()
    {
        var tags = new Dictionary<string, string> { ["team"] = "research" };
        var options = new BudgetSessionOptions { Budget = Money.Parse("1"), Tags = tags };
        var copy = services.GetRequiredService<DeepCopier>().Copy(new OpenCommand { Options = options });
        tags["team"] = "other";
        Assert.Equal("research", copy.Options.Tags["team"]);
    }

    [Theory]
    [InlineData(typeof(AgentBudgetException))]
    [InlineData(typeof(BudgetUnavailableException))]
    public void Serializer_Exception_ArrivesWithMessageCauseAndReport(Type type)
    {
        var sent = (AgentBudgetException)Activator.CreateInstance(type, "what went wrong", new InvalidOperationException("why"))!;
        typeof(AgentBudgetException)
            .GetProperty(nameof(AgentBudgetException.Report))!
            .SetValue(sent, Sample.Of<SessionReport>(Filling.Full));
        var serializer = services.GetRequiredService<Serializer>();
        var received = Assert.IsAssignableFrom<AgentBudgetException>(
            serializer.Deserialize<object>(serializer.SerializeToArray<object>(sent))
        );
        Assert.IsType(type, received);
        Assert.Equal((sent.Message, "why"), (received.Message, received.InnerException?.Message));
        Assert.Empty(Difference.Between(sent.Report, received.Report));
    }

    public void Dispose() => services.Dispose();
}
