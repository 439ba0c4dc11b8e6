using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Webhooks.Signing;

/// <summary>
/// Keeps secrets as only the operator's keys can read them, by .NET data protection: in the folder that the options name, or as the host
/// has set it up by itself. Nothing is read or made before the first secret.
/// </summary>
internal sealed class SecretKeeper(WebhooksOptions options, IDataProtectionProvider? ofHost) : IDisposable
{
    private const string ApplicationName = "AgentBudget";
    private const string Purpose = "AgentBudget.Webhooks.Secret.v1";

    private readonly Lock gate = new();
    private ServiceProvider? services;
    private IDataProtector? protector;

    /// <exception cref="ArgumentException">The operator has named no keys.</exception>
    public string Protect(string secret) => Protector().Protect(secret);

    /// <exception cref="AgentBudgetException">The key is not there; the message names the mend.</exception>
    public string Unprotect(string stored) =>
        TryUnprotect(stored)
        ?? throw new AgentBudgetException(
            "A webhook's secret cannot be read with the keys that there are; bring those back that it was kept with, or give it another "
                + "with \"agentbudget webhooks rotate\"."
        );

    /// <summary>The secret; null where its key is not there.</summary>
    public string? TryUnprotect(string stored)
    {
        try
        {
            return Protector().Unprotect(stored);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => services?.Dispose();

    private IDataProtector Protector()
    {
        lock (gate)
            return protector ??= (options.KeysFolder is { } folder ? OfFolder(folder) : OfHost()).CreateProtector(Purpose);
    }

    private IDataProtectionProvider OfFolder(string folder)
    {
        var collection = new ServiceCollection();
        collection.AddDataProtection().SetApplicationName(ApplicationName).PersistKeysToFileSystem(new DirectoryInfo(folder));
        services = collection.BuildServiceProvider();
        return services.GetRequiredService<IDataProtectionProvider>();
    }

    private IDataProtectionProvider OfHost() =>
        ofHost
        ?? throw new ArgumentException(
            "There are no keys to keep secrets of webhooks with; name a folder for them that all servers share, in "
                + "AgentBudget:Webhooks:KeysFolder."
        );
}
