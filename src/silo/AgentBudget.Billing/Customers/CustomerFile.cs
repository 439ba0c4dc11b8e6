using System.Text.Json;

namespace AgentBudget.Billing.Customers;

/// <summary>A file of customers: a JSON object of texts, by the path of their tenant. It has what configuration cannot: paths with a
/// colon in them, and paths that differ in their case alone.</summary>
internal static class CustomerFile
{
    private const long MostBytes = 64 * 1024 * 1024;

    private static readonly JsonSerializerOptions Form = new() { AllowDuplicateProperties = false };

    /// <summary>All customers of an export: those of its settings, and those of its file.</summary>
    /// <exception cref="ArgumentException">The file cannot be read, or a tenant is in both.</exception>
    public static Dictionary<string, string> CustomersOf(BillingExportOptions export)
    {
        var all = new Dictionary<string, string>(export.Customers, StringComparer.Ordinal);
        if (export.CustomersFile is null)
            return all;
        foreach (var (tenant, customer) in Read(export.CustomersFile))
        {
            if (!all.TryAdd(tenant, customer))
                throw new ArgumentException($"has '{tenant}', which Customers has as well; take it out of one of them");
        }

        return all;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ArgumentException">It cannot be read; the message says why, to be read after what it is called.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
                throw new ArgumentException($"{path} has more than {MostBytes:N0} bytes");
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path), Form) ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"{path} cannot be read: {exception.Message.TrimEnd('.')}", exception);
        }
        catch (JsonException exception)
        {
            throw new ArgumentException(
                $"{path} is no JSON object of texts, such as {{\"acme\": \"cus_1\"}}: {exception.Message.TrimEnd('.')}",
                exception
            );
        }
    }
}
