using System.Reflection;
using Orleans.Concurrency;

namespace AgentBudget.Architecture.Tests.Wire;

/// <summary>The names and numbers under which things travel: all there, none twice. Without them a rename in code breaks the wire.</summary>
public sealed class WireNameTests
{
    private const string Prefix = "agentbudget.";

    public static TheoryData<Type> Interfaces => new(WireTypes.Interfaces);

    public static TheoryData<Type> Serializable => new(WireTypes.Serializable);

    [Fact]
    public void WireTypes_OfTheProject_AreFound()
    {
        Assert.True(WireTypes.Interfaces.Count >= 4);
        Assert.True(WireTypes.Converted.Count >= 34, $"only {WireTypes.Converted.Count} converters were found");
        Assert.True(WireTypes.Serializable.Count >= WireTypes.Converted.Count);
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
        Assert.Empty(grain.GetMethods(WireTypes.Instance).Where(method => method.IsDefined(typeof(OneWayAttribute))).Select(method => method.Name));

    [Theory, MemberData(nameof(Serializable))]
    public void Ids_OfAWireType_AreOnEveryMemberOnceEach(Type type)
    {
        // A property that is computed has no field and travels by what it is computed from.
        var members = type.IsValueType
            ? type.GetFields(WireTypes.Instance).Cast<MemberInfo>().ToArray()
            : type.GetProperties(WireTypes.Instance).Where(property => property.CanWrite).ToArray();
        Assert.Empty(members.Where(member => IdOf(member) is null).Select(member => member.Name));
        Assert.Equal(members.Length, members.Select(IdOf).Distinct().Count());
    }

    private static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    private static uint? IdOf(MemberInfo member) => member.GetCustomAttribute<IdAttribute>()?.Id;
}
