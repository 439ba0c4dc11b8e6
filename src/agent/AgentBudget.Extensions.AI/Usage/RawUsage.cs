using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace AgentBudget.Extensions.AI.Usage;

/// <summary>
/// The provider's own words behind what an adapter hands on, as JSON: what it leaves out (cache writes, service tiers, searches, the usage
/// of what ended early) is read from there, as it is read off the wire. No SDK is referenced; one that is not known says nothing here.
/// </summary>
internal static class RawUsage
{
    /// <summary>The most types that are known; a program has a handful.</summary>
    private const int MostTypes = 256;

    // Where SDKs have the usage: on the response itself, in it, or in the event of a stream that carries it.
    private static readonly string[][] Paths =
    [
        ["Usage"],
        ["UsageMetadata"],
        ["Response", "Usage"],
        ["Value", "Usage"],
        ["Value", "Message", "Usage"],
        ["Message", "Usage"],
    ];

    private static readonly ConcurrentDictionary<(Type, string), PropertyInfo?> Properties = new();
    private static readonly ConcurrentDictionary<Type, bool> Unwritable = new();

    /// <summary>What the raw object says as JSON; null where it says nothing of usage, or nobody can tell.</summary>
    public static byte[]? Write(object? raw) =>
        raw is not null && !Unwritable.ContainsKey(raw.GetType()) && HasUsage(raw) ? Json(raw) : null;

    /// <summary>The raw object as JSON; null where it cannot be written.</summary>
    public static byte[]? Json(object raw)
    {
        try
        {
            return raw is IPersistableModel<object>
                ? ModelReaderWriter.Write(raw, ModelReaderWriterOptions.Json).ToArray()
                : JsonSerializer.SerializeToUtf8Bytes(raw, raw.GetType());
        }
        catch (Exception)
        {
            // Whatever an SDK's object does: the counts that the adapter handed on are taken.
            if (Unwritable.Count < MostTypes)
                Unwritable.TryAdd(raw.GetType(), true);
            return null;
        }
    }

    private static bool HasUsage(object raw)
    {
        foreach (var path in Paths)
        {
            object? at = raw;
            foreach (var name in path)
                at = at is null ? null : Get(at, name);
            if (at is not null)
                return true;
        }

        return false;
    }

    private static object? Get(object of, string name)
    {
        var key = (of.GetType(), name);
        if (!Properties.TryGetValue(key, out var property))
        {
            property = Find(of.GetType(), name);
            if (Properties.Count < MostTypes * Paths.Length)
                Properties.TryAdd(key, property);
        }

        try
        {
            return property?.GetValue(of);
        }
        catch (TargetInvocationException)
        {
            // Some getters throw where the response has no such part.
            return null;
        }
    }

    private static PropertyInfo? Find(Type type, string name)
    {
        for (var declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
            if (declaring.GetProperty(name, own) is { CanRead: true } found && found.GetIndexParameters().Length == 0)
                return found;
        }

        return null;
    }
}
