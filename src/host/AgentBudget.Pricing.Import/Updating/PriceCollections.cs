namespace AgentBudget.Pricing.Import.Updating;

/// <summary>The published collections that an update reads, and how far it goes for them.</summary>
public sealed class PriceCollections
{
    /// <summary>The addresses by name, each of one file: <c>https</c>, or <c>http</c> to this machine.</summary>
    public IDictionary<string, Uri> Addresses { get; } =
        new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase)
        {
            ["genai-prices"] = new("https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json"),
            ["litellm"] = new("https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"),
            ["openrouter"] = new("https://openrouter.ai/api/v1/models"),
            ["models.dev"] = new("https://models.dev/api.json"),
        };

    /// <summary>The most time for one collection. Default 60 seconds; above zero, up to 10 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The largest collection that is read, unpacked. Default 32 MiB; above zero, up to 256 MiB.</summary>
    public int MaxBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Puts another address in place of one.</summary>
    /// <exception cref="ArgumentException">There is no collection of that name, or the address is not one that is read.</exception>
    public void Set(string name, string address)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Addresses.ContainsKey(name))
            throw new ArgumentException($"\"{name}\" is no collection; there are {string.Join(", ", Addresses.Keys)}.");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !IsAllowed(uri))
            throw new ArgumentException($"\"{address}\" is not an address of the collection {name}; write one that begins with https://.");
        Addresses[name] = uri;
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    public void Validate()
    {
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(10))
            throw new ArgumentException("Timeout must be above zero and up to 10 minutes.");
        if (MaxBytes is <= 0 or > 256 * 1024 * 1024)
            throw new ArgumentException("MaxBytes must be above zero and up to 256 MiB.");
        foreach (var (name, address) in Addresses)
        {
            if (!IsAllowed(address))
                throw new ArgumentException($"The address {address} of the collection {name} must begin with https://.");
        }
    }

    private static bool IsAllowed(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
