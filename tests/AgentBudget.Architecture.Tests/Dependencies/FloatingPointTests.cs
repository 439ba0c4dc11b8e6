using System.Reflection;

namespace AgentBudget.Architecture.Tests.Dependencies;

/// <summary>Money is never a floating-point number, and neither is anything that becomes money.</summary>
public sealed class FloatingPointTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] FloatingPoint = [typeof(double), typeof(float), typeof(Half)];

    [Theory]
    [InlineData("AgentBudget.Ledger")]
    [InlineData("AgentBudget.Pricing")]
    [InlineData("AgentBudget.Abstractions")]
    public void Members_OfTheRoomsOfMoney_HoldNoFloatingPointNumber(string assembly)
    {
        var members = Assembly.Load(new AssemblyName(assembly)).GetTypes().SelectMany(TypesIn).ToArray();
        Assert.NotEmpty(members);
        Assert.Empty(members.Where(member => IsFloatingPoint(member.Type)).Select(member => member.Place));
    }

    [Fact]
    public void Members_WithAFloatingPointNumber_AreFound()
    {
        var found = TypesIn(typeof(Culprit)).Where(member => IsFloatingPoint(member.Type)).Select(member => member.Place).ToArray();
        Assert.Contains(found, place => place.EndsWith(nameof(Culprit.Field), StringComparison.Ordinal));
        Assert.Contains(found, place => place.EndsWith(nameof(Culprit.Property), StringComparison.Ordinal));
        Assert.Contains(found, place => place.Contains(nameof(Culprit.Method), StringComparison.Ordinal));
    }

    private static IEnumerable<(string Place, Type Type)> TypesIn(Type type)
    {
        foreach (var field in type.GetFields(Declared))
            yield return ($"{type}.{field.Name}", field.FieldType);
        foreach (var property in type.GetProperties(Declared))
            yield return ($"{type}.{property.Name}", property.PropertyType);
        foreach (var method in type.GetMembers(Declared).OfType<MethodBase>())
        {
            foreach (var parameter in method.GetParameters())
                yield return ($"{type}.{method.Name}({parameter.Name})", parameter.ParameterType);
            if (method is MethodInfo { ReturnType: var returned })
                yield return ($"{type}.{method.Name} returns", returned);
        }
    }

    private static bool IsFloatingPoint(Type type) =>
        FloatingPoint.Contains(type)
        || (type.HasElementType && IsFloatingPoint(type.GetElementType()!))
        || type.GenericTypeArguments.Any(IsFloatingPoint);

    private sealed class Culprit
    {
        public readonly double? Field = 1;

        public IReadOnlyList<float> Property { get; } = [];

        public static decimal Method(double[] value) => value.Length;
    }
}
