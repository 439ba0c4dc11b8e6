using System.Net;
using System.Net.Sockets;

namespace AgentBudget.Server.Settings;

/// <summary>
/// Addresses and ports of the silo. Whoever reaches them is trusted in full, so that they belong on loopback or in a private network.
/// </summary>
public sealed class SiloSettings
{
    private const string Section = $"{ServerSettings.Section}:Silo:";

    /// <summary>The address under which other servers and clients reach this one: an IP address or the name of this machine. Default
    /// <c>127.0.0.1</c>.</summary>
    public string AdvertisedAddress { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>The address to listen on, such as <c>0.0.0.0</c> behind a port mapping. Default: the advertised one.</summary>
    public string? ListenAddress { get; set; }

    /// <summary>The port for other servers. Default 11111; 1 to 65,535.</summary>
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The port for clients. Default 30000; 1 to 65,535, and not the other one.</summary>
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>The advertised address, looked up where it is a name.</summary>
    internal IPAddress Advertised => Find(AdvertisedAddress)!;

    /// <summary>The address to listen on.</summary>
    internal IPAddress Listen => Find(ListenAddress ?? AdvertisedAddress)!;

    internal void Validate()
    {
        if (Find(AdvertisedAddress) is not { } advertised)
            throw new ArgumentException(
                $"{Section}AdvertisedAddress is '{AdvertisedAddress}', which is neither an IP address nor a name that is known here; "
                    + $"name this machine as others reach it."
            );
        if (advertised.Equals(IPAddress.Any) || advertised.Equals(IPAddress.IPv6Any))
            throw new ArgumentException(
                $"{Section}AdvertisedAddress is {advertised}, which nobody can reach; "
                    + $"name this machine, and put {advertised} into {Section}ListenAddress."
            );
        if (ListenAddress is not null && Find(ListenAddress) is null)
            throw new ArgumentException(
                $"{Section}ListenAddress is '{ListenAddress}', which is not an address of this machine; "
                    + $"leave it out, or write 0.0.0.0 for all."
            );
        if (SiloPort is < 1 or > 65_535)
            throw new ArgumentException($"{Section}SiloPort must be from 1 to 65,535.");
        if (GatewayPort is < 1 or > 65_535)
            throw new ArgumentException($"{Section}GatewayPort must be from 1 to 65,535.");
        if (SiloPort == GatewayPort)
            throw new ArgumentException($"{Section}SiloPort and {Section}GatewayPort are both {SiloPort}; give them different ones.");
    }

    private static IPAddress? Find(string? text)
    {
        if (IPAddress.TryParse(text, out var address))
            return address;
        if (string.IsNullOrWhiteSpace(text))
            return null;
        try
        {
            var all = Dns.GetHostAddresses(text);
            return Array.Find(all, found => found.AddressFamily == AddressFamily.InterNetwork) ?? all.FirstOrDefault();
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return null;
        }
    }
}
