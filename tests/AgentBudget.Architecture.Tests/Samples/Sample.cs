using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentBudget.Architecture.Tests.Samples;

/// <summary>Which values a sample is filled with.</summary>
public enum Filling
{
    /// <summary>Nothing is null, empty, zero or false.</summary>
    Full,

    /// <summary>The same, with every boolean false: it shows up those whose default is true.</summary>
    FullWithFalse,

    /// <summary>What may be null is null, collections are empty, numbers are zero, booleans false.</summary>
    Sparse,
}

/// <summary>
/// Makes objects of any ledger type with every property set, by reflection: a property that is added later is set without anybody
/// thinking of it, so a form that forgets it is found out.
/// </summary>
internal sealed class Sample(Filling filling)
{
    // Above 2^53, so that a number that passes through a double comes out another.
    private const long Large = 9_007_199_254_740_993;
    private static readonly DateTimeOffset Epoch = new(2026, 3, 1, 12, 30, 15, 123, TimeSpan.Zero);
    private static readonly NullabilityInfoContext Nullability = new();

    private int count;

    private bool IsSparse => filling == Filling.Sparse;

    public static object Of(Type type, Filling filling) => new Sample(filling).Make(type);

    public static T Of<T>(Filling filling) => (T)Of(typeof(T), filling);

    /// <summary>The properties that a caller can set.</summary>
    public static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0);

    private object Make(Type type)
    {
        var n = ++count;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Make(underlying);
        if (type == typeof(bool))
            return filling == Filling.Full;
        if (type == typeof(string))
            return $"text-{n} \"é漢😀\"";
        if (type.IsEnum)
            return MakeEnum(type, n);
        if (MakeNumber(type, n) is { } number)
            return number;
        if (type == typeof(DateTimeOffset))
            return Epoch.AddTicks(n);
        if (type == typeof(TimeSpan))
            return TimeSpan.FromTicks(IsSparse ? 0 : 12_345_678_901 + n);
        if (type == typeof(Money))
            return Money.FromNanoDollars(IsSparse ? 0 : Large + n);
        if (type == typeof(TenantPath))
            return TenantPath.Parse($"tenant-{n}/team");
        if (type == typeof(EventCursor))
            return IsSparse ? EventCursor.Start(0) : EventCursor.Start(n).After(new EventMark(n, Large)).After(new EventMark(n + 2, n));
        if (type == typeof(Breakdown))
            return Breakdown.From((CategoryTotal[])MakeArray(typeof(CategoryTotal)));
        return MakeCollection(type) ?? MakeObject(type);
    }

    private object MakeEnum(Type type, int n)
    {
        var values = Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value => Enum.ToObject(type, value)).ToArray();
        var none = Activator.CreateInstance(type)!;
        var others = values.Where(value => !value.Equals(none)).ToArray();
        return IsSparse ? none : others[n % others.Length];
    }

    private object? MakeNumber(Type type, int n)
    {
        if (type == typeof(int))
            return IsSparse ? 0 : n;
        if (type == typeof(long))
            return IsSparse ? 0L : Large + n;
        if (type == typeof(ulong))
            return IsSparse ? 0UL : ulong.MaxValue - (ulong)n;
        return type == typeof(decimal)
            ? IsSparse
                ? 0m
                : n + 0.123456789m
            : null;
    }

    private object? MakeCollection(Type type)
    {
        if (type.IsArray)
            return MakeArray(type.GetElementType()!);
        if (!type.IsGenericType)
            return null;
        var definition = type.GetGenericTypeDefinition();
        var of = type.GenericTypeArguments;
        if (definition == typeof(IReadOnlyList<>))
            return MakeArray(of[0]);
        if (definition != typeof(IReadOnlyDictionary<,>) && definition != typeof(Dictionary<,>))
            return null;
        var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(of))!;
        for (var i = 0; i < Length; i++)
            dictionary.Add(Make(of[0]), Make(of[1]));
        return dictionary;
    }

    private int Length => IsSparse ? 0 : 2;

    private Array MakeArray(Type of)
    {
        var array = Array.CreateInstance(of, Length);
        for (var i = 0; i < Length; i++)
            array.SetValue(Make(of), i);
        return array;
    }

    private object MakeObject(Type type)
    {
        // One of those that it can be stands for all: each has a sample of its own.
        if (type.IsAbstract)
            type = type.Assembly.GetTypes().Where(one => one.IsSubclassOf(type) && !one.IsAbstract).MinBy(one => one.FullName)!;
        var properties = Settable(type).ToArray();
        if (properties.Length == 0)
            return MakeByConstructor(type);
        var made = type.IsValueType ? Activator.CreateInstance(type)! : RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in properties)
            property.SetValue(made, IsSparse && MayBeNull(property) ? null : Make(property.PropertyType));
        return made;
    }

    private object MakeByConstructor(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length);
        if (constructor is null || constructor.GetParameters() is [])
            throw new NotSupportedException($"Say here how a {type} is made.");
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Make(parameter.ParameterType))]);
    }

    private static bool MayBeNull(PropertyInfo property) => Nullability.Create(property).WriteState == NullabilityState.Nullable;
}
