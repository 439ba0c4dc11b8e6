using System.Collections;
using System.Reflection;

namespace AgentBudget.Server.Settings;

/// <summary>Finds what stands in the section and is not a setting: a misspelt one would otherwise be passed over in silence.</summary>
internal static class UnknownSettings
{
    // Read by other programs that may share the configuration.
    private const string ClientSection = "Client";

    public static IEnumerable<string> Find(IConfigurationSection section, params Type[] types) =>
        section.GetChildren().Where(child => child.Key != ClientSection).SelectMany(child => FindIn(child, types));

    private static IEnumerable<string> FindIn(IConfigurationSection setting, Type[] types)
    {
        var property = types
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .FirstOrDefault(known => known.CanWrite && string.Equals(known.Name, setting.Key, StringComparison.OrdinalIgnoreCase));
        if (property is null)
            return [setting.Path];
        var isGroup =
            property.PropertyType.IsClass
            && property.PropertyType != typeof(string)
            && !typeof(IEnumerable).IsAssignableFrom(property.PropertyType);
        return isGroup ? setting.GetChildren().SelectMany(child => FindIn(child, [property.PropertyType])) : [];
    }
}
