using System.Collections;
using System.Reflection;

namespace AgentBudget.Architecture.Tests.Samples;

/// <summary>Where two objects differ, property by property, down to the last one. Records compare collections by reference.</summary>
internal static class Difference
{
    public static IEnumerable<string> Between(object? expected, object? actual, string path = "")
    {
        if (expected is null || actual is null)
            return expected is null && actual is null ? [] : [Say(path, expected, actual)];
        if (IsSimple(expected.GetType()))
            return expected.Equals(actual) ? [] : [Say(path, expected, actual)];
        if (PairsOf(expected) is { } pairs)
            return BetweenPairs(pairs, PairsOf(actual), path);
        if (expected is IEnumerable expectedItems)
            return BetweenItems(expectedItems, actual as IEnumerable, path);
        if (expected.GetType() != actual.GetType())
            return [Say(path, expected.GetType(), actual.GetType())];
        return expected
            .GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .SelectMany(property => Between(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}"));
    }

    internal static bool IsSimple(Type type) =>
        type.IsPrimitive
        || type.IsEnum
        || type == typeof(string)
        || type == typeof(decimal)
        || type == typeof(DateTimeOffset)
        || type == typeof(TimeSpan)
        || type == typeof(Money)
        || type == typeof(TenantPath);

    private static IEnumerable<string> BetweenItems(IEnumerable expected, IEnumerable? actual, string path)
    {
        var left = expected.Cast<object>().ToArray();
        var right = actual?.Cast<object>().ToArray() ?? [];
        if (left.Length != right.Length)
            return [Say(path + ".Count", left.Length, right.Length)];
        return left.SelectMany((item, i) => Between(item, right[i], $"{path}[{i}]"));
    }

    private static IEnumerable<string> BetweenPairs(Dictionary<string, object?> expected, Dictionary<string, object?>? actual, string path)
    {
        if (actual is null || expected.Count != actual.Count)
            return [Say(path + ".Count", expected.Count, actual?.Count)];
        return expected.SelectMany(pair => Between(pair.Value, actual.GetValueOrDefault(pair.Key), $"{path}[{pair.Key}]"));
    }

    private static Dictionary<string, object?>? PairsOf(object value) =>
        value is IDictionary dictionary ? dictionary.Keys.Cast<string>().ToDictionary(key => key, key => dictionary[key]) : null;

    private static string Say(string path, object? expected, object? actual) => $"{path}: {expected ?? "null"} became {actual ?? "null"}";
}
