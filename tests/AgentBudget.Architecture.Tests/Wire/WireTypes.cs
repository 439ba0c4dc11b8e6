using System.Reflection;
using Orleans.Serialization.Codecs;

namespace AgentBudget.Architecture.Tests.Wire;

/// <summary>What travels between processes, found by reflection.</summary>
internal static class WireTypes
{
    public const BindingFlags Instance = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Assembly Ledger = typeof(Entry).Assembly;
    private static readonly Assembly Abstractions = typeof(IBudgetSession).Assembly;
    private static readonly Assembly Silo = Assembly.Load(new AssemblyName("AgentBudget.Orleans"));

    /// <summary>Grain interfaces.</summary>
    public static IReadOnlyList<Type> Interfaces { get; } =
    [.. Own().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))];

    /// <summary>Types that the serializer was generated for.</summary>
    public static IReadOnlyList<Type> Serializable { get; } =
    [.. Own().Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))];

    /// <summary>Types that travel by a codec of their own.</summary>
    public static IReadOnlyList<Type> ByOwnCodec { get; } =
    [
        .. Own()
            .Where(type => type.IsDefined(typeof(RegisterSerializerAttribute), inherit: false) && !IsGenerated(type))
            .SelectMany(WrittenBy)
            .Distinct(),
    ];

    /// <summary>Everything that a caller hands over or gets back, its parts included.</summary>
    public static IReadOnlyList<Type> Reachable { get; } = FindReachable();

    private static IEnumerable<Type> Own() =>
        new[] { Ledger, Abstractions, Silo }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("AgentBudget", StringComparison.Ordinal) == true);

    private static IEnumerable<Type> WrittenBy(Type codec) =>
        codec
            .GetInterfaces()
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IFieldCodec<>))
            .Select(type => type.GenericTypeArguments[0]);

    private static bool IsGenerated(Type type) => type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false);

    private static List<Type> FindReachable()
    {
        var found = new List<Type>();
        var toSee = new Queue<Type>(
            Interfaces
                .SelectMany(type => type.GetMethods())
                .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
                .Append(typeof(LedgerMessage))
        );
        while (toSee.TryDequeue(out var type))
        {
            foreach (var part in type.GenericTypeArguments)
                toSee.Enqueue(part);
            if (type.HasElementType)
                toSee.Enqueue(type.GetElementType()!);
            var isOurs = type.Assembly == typeof(Entry).Assembly || type.Assembly == Abstractions;
            if (!isOurs || type.IsEnum || type.HasElementType || found.Contains(type))
                continue;
            found.Add(type);
            foreach (var property in Samples.Sample.Settable(type))
                toSee.Enqueue(property.PropertyType);
            foreach (var kind in Serializable.Where(kind => kind.BaseType == type))
                toSee.Enqueue(kind);
        }

        // A breakdown can be made only from its categories.
        if (!found.Contains(typeof(CategoryTotal)))
            found.AddRange([typeof(CategoryTotal), typeof(TokenUsage)]);
        return [.. found.Distinct()];
    }
}
