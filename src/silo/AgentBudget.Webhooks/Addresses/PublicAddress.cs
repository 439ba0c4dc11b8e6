using System.Net;
using System.Net.Sockets;

namespace AgentBudget.Webhooks.Addresses;

/// <summary>
/// Which addresses may be posted to: those that anybody on the internet has, and none that leads into a network of the operator's or
/// through a translation into one. By the special-purpose registries of IANA (RFC 6890 and what was added since).
/// </summary>
internal static class PublicAddress
{
    private static readonly AddressBlock[] RefusedV4 =
    [
        AddressBlock.Parse("0.0.0.0/8"), // This network
        AddressBlock.Parse("10.0.0.0/8"), // Private
        AddressBlock.Parse("100.64.0.0/10"), // Shared behind a carrier; metadata of some clouds
        AddressBlock.Parse("127.0.0.0/8"), // Loopback
        AddressBlock.Parse("168.63.129.16/32"), // Azure's platform, though it looks public
        AddressBlock.Parse("169.254.0.0/16"), // Link-local; metadata of most clouds
        AddressBlock.Parse("172.16.0.0/12"), // Private
        AddressBlock.Parse("192.0.0.0/24"), // Protocol assignments
        AddressBlock.Parse("192.0.2.0/24"), // Documentation
        AddressBlock.Parse("192.31.196.0/24"), // AS112
        AddressBlock.Parse("192.52.193.0/24"), // AMT
        AddressBlock.Parse("192.88.99.0/24"), // Relays of 6to4
        AddressBlock.Parse("192.168.0.0/16"), // Private
        AddressBlock.Parse("192.175.48.0/24"), // AS112
        AddressBlock.Parse("198.18.0.0/15"), // Benchmarks
        AddressBlock.Parse("198.51.100.0/24"), // Documentation
        AddressBlock.Parse("203.0.113.0/24"), // Documentation
        AddressBlock.Parse("224.0.0.0/4"), // Multicast
        AddressBlock.Parse("240.0.0.0/4"), // Reserved; broadcast
    ];

    // Only what was ever given out: loopback, mapped (::ffff:0:0/96), translated (64:ff9b::/96, 64:ff9b:1::/48), unique local, link-local,
    // site-local, multicast and segment routing lie outside of it.
    private static readonly AddressBlock GlobalV6 = AddressBlock.Parse("2000::/3");

    private static readonly AddressBlock[] RefusedV6 =
    [
        AddressBlock.Parse("2001::/23"), // Protocol assignments: Teredo, ORCHID, benchmarks
        AddressBlock.Parse("2001:db8::/32"), // Documentation
        AddressBlock.Parse("2002::/16"), // 6to4
        AddressBlock.Parse("2620:4f:8000::/48"), // AS112
        AddressBlock.Parse("3fff::/20"), // Documentation
    ];

    /// <summary>Whether an address may be posted to.</summary>
    public static bool Is(IPAddress address) =>
        address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !RefusedV4.Any(block => block.Has(address)),
            AddressFamily.InterNetworkV6 => address.ScopeId == 0
                && GlobalV6.Has(address)
                && !RefusedV6.Any(block => block.Has(address))
                && !IsTunnelToV4(address),
            _ => false,
        };

    // ISATAP: the last half says 0:5efe or 200:5efe, and an IPv4 address behind it.
    private static bool IsTunnelToV4(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && bytes[8] is 0 or 2 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
    }
}
