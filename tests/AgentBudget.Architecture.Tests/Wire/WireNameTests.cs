using System.Reflection;
using Orleans.Concurrency;

namespace AgentBudget.Architecture.Tests.Wire;

/// <summary>The names and numbers under which things travel: all there, none twice. Without them a rename in code breaks the
/// wire.</summary>
public sealed class WireNameTests
{
    private const string Prefix = "agentbudget.";

    public static TheoryData<Type> Interfaces => new(WireTypes.Interfaces);

    public static TheoryData<Type> Serializable => new(WireTypes.Serializable);

    [Fact]
    public void WireTypes_OfTheProject_AreFound()
    {
        Assert.True(WireTypes.Interfaces.Count >= 4);
        Assert.Equal([typeof(TokenUsage)], WireTypes.ByOwnCodec);
        Assert.True(WireTypes.Serializable.Count >= 40, $"only {WireTypes.Serializable.Count} types were found");
    }

    [Fact]
    public void Aliases_OfTypesAndInterfaces_StandUnderThePrefixOnceEach()
    {
        var named = WireTypes.Serializable.Concat(WireTypes.Interfaces).Select(type => (Type: type, Alias: AliasOf(type))).ToArray();
        Assert.Empty(named.Where(pair => pair.Alias?.StartsWith(Prefix, StringComparison.Ordinal) != true).Select(pair => pair.Type.Name));
        Assert.Empty(named.GroupBy(pair => pair.Alias).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Theory, MemberData(nameof(Interfaces))]
    public void Aliases_OfTheMethodsOfAGrain_StandOnceEach(Type grain)
    {
        var methods = grain.GetMethods(WireTypes.Instance);
        Assert.NotEmpty(methods);
        Assert.Empty(methods.Where(method => AliasOf(method) is null).Select(method => method.Name));
        Assert.Equal(methods.Length, methods.Select(AliasOf).Distinct().Count());
    }

    [Theory, MemberData(nameof(Interfaces))]
    public void Methods_OfAGrain_AreNeverOneWay(Type grain) =>
        Assert.Empty(
            grain.GetMethods(WireTypes.Instance).Where(method => method.IsDefined(typeof(OneWayAttribute))).Select(method => method.Name)
        );

    // A member without an id would be lost without a word; the parameters of a record's constructor have theirs by order.
    [Theory, MemberData(nameof(Serializable))]
    public void Ids_OfAWireType_AreOnEveryMemberOnceEach(Type type)
    {
        var positional = type.GetConstructors()
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.Name)
            .ToHashSet();
        var properties = type.GetProperties(WireTypes.Instance).ToDictionary(property => $"<{property.Name}>k__BackingField");
        var members = type.GetFields(WireTypes.Instance)
            .Select(field => properties.TryGetValue(field.Name, out var property) ? (MemberInfo)property : field)
            .Where(member => IdOf(member) is not null || !positional.Contains(member.Name))
            .ToArray();
        Assert.Empty(members.Where(member => IdOf(member) is null).Select(member => member.Name));
        Assert.Equal(members.Length, members.Select(IdOf).Distinct().Count());
    }

    private static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    private static uint? IdOf(MemberInfo member) => member.GetCustomAttribute<IdAttribute>()?.Id;
}
