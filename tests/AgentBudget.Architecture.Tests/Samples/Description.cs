using System.Collections;
using System.Globalization;
using System.Reflection;

namespace AgentBudget.Architecture.Tests.Samples;

/// <summary>What an object holds, as lines of text: one for each property, down to the last one.</summary>
internal static class Description
{
    public static IEnumerable<string> Of(object? value, string path = "")
    {
        if (value is null)
            return [];
        if (Difference.IsSimple(value.GetType()))
            return [$"{path} = {Text(value)}"];
        if (value is IDictionary pairs)
            return pairs.Keys.Cast<string>().SelectMany(key => Of(pairs[key], $"{path}[{Text(key)}]"));
        if (value is IEnumerable items)
            return items.Cast<object>().SelectMany((item, i) => Of(item, $"{path}[{i}]"));
        return value
            .GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Where(property => property.CanWrite || value is Money or Breakdown)
            .SelectMany(property => Of(property.GetValue(value), $"{path}.{property.Name}"));
    }

    private static string Text(object value) =>
        value switch
        {
            DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
            TimeSpan span => span.Ticks.ToString(CultureInfo.InvariantCulture),
            Enum number => Convert.ToInt64(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => Uri.EscapeDataString(value.ToString()!),
        };
}
