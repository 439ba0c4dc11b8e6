using Microsoft.Extensions.Configuration;

namespace AgentBudget.Billing.Customers;

/// <summary>
/// Tenants that configuration cannot hold as keys: a colon parts its keys, and it takes those for one that differ in their case alone. It
/// passes over both without a word, so that somebody would pay for another, or nobody would.
/// </summary>
internal static class CustomerKeys
{
    private const string Mend = "write it in a file, and the file's name in CustomersFile";

    /// <summary>Checks the customers of all exports.</summary>
    /// <param name="configuration">The whole of it.</param>
    /// <param name="section">The section of exports, such as <c>AgentBudget:Billing</c>.</param>
    /// <exception cref="ArgumentException">There are such tenants; the message names one and the mend.</exception>
    public static void Validate(IConfiguration configuration, string section)
    {
        foreach (var export in configuration.GetSection(section).GetSection(nameof(BillingOptions.Exports)).GetChildren())
        {
            if (FindIn(configuration, export.GetSection(nameof(BillingExportOptions.Customers))) is { } problem)
                throw new ArgumentException(problem);
        }
    }

    private static string? FindIn(IConfiguration configuration, IConfigurationSection customers)
    {
        foreach (var child in customers.GetChildren())
        {
            if (child.GetChildren().FirstOrDefault() is { } below)
                return $"{customers.Path} has '{child.Key}:{below.Key}', whose colon parts keys in configuration: {Mend}.";
        }

        var keys = configuration is IConfigurationRoot root
            ? root.Providers.SelectMany(provider => provider.GetChildKeys([], customers.Path)).Distinct(StringComparer.Ordinal)
            : [];
        var alike = keys.GroupBy(key => key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Skip(1).Any());
        return alike is null
            ? null
            : $"{customers.Path} has {string.Join(" and ", alike.Select(key => $"'{key}'"))}, which configuration takes for one: write the "
                + $"same tenant in the same case, and for another one {Mend}.";
    }
}
