namespace AgentBudget.Server.Settings;

/// <summary>Where health is answered.</summary>
public sealed class HealthSettings
{
    private const string Section = $"{ServerSettings.Section}:Health:";

    /// <summary>The address of the health endpoints. Default <c>http://127.0.0.1:8080</c>. They show no money and no session.</summary>
    public string Address { get; set; } = "http://127.0.0.1:8080";

    /// <summary>From which lag of the writer on it counts as behind. Default 5 seconds; 100 milliseconds to 1 minute.</summary>
    public TimeSpan WriterLagLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The address at which a program on the same machine asks.</summary>
    internal Uri LocalAddress
    {
        get
        {
            var address = new Uri(Address);
            return address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
        }
    }

    internal void Validate()
    {
        if (
            !Uri.TryCreate(Address, UriKind.Absolute, out var address)
            || address.Scheme != Uri.UriSchemeHttp
            || address.PathAndQuery != "/"
        )
            throw new ArgumentException($"{Section}Address is '{Address}'; write http://address:port, such as http://0.0.0.0:8080.");
        if (WriterLagLimit < TimeSpan.FromMilliseconds(100) || WriterLagLimit > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"{Section}WriterLagLimit must be from 100 milliseconds to 1 minute.");
    }
}
