using System.Reflection;

namespace AgentBudget.Orleans.PostgreSql.Schema;

/// <summary>
/// The steps of the shipped schemas, oldest first: step n brings a schema from version n - 1 to n. A step that was shipped is never
/// edited, and a new one only adds, because silos of the version before go on writing while it is rolled out.
/// </summary>
internal static class SchemaSteps
{
    /// <summary>The ledger's tables.</summary>
    public static readonly IReadOnlyList<string> Ledger = [Read("ledger/001-ledger.sql")];

    /// <summary>The membership of clusters.</summary>
    public static readonly IReadOnlyList<string> Membership = [Read("membership/001-membership.sql")];

    private static string Read(string name)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
