using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AgentBudget.Client.Hosting;

/// <summary>A gateway as it is written: a host and a port.</summary>
internal sealed record GatewayAddress(string Host, int Port)
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out GatewayAddress? address)
    {
        address = null;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (text is null || colon <= 0)
            return false;
        var host = text[..colon].TrimStart('[').TrimEnd(']');
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65_535)
            return false;
        address = new GatewayAddress(host, port);
        return true;
    }

    /// <summary>What the host stands for now: its addresses of version 4, or those of version 6 when it has no others.</summary>
    public async Task<IEnumerable<IPEndPoint>> ResolveAsync(CancellationToken cancellationToken)
    {
        var all = IPAddress.TryParse(Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(Host, cancellationToken);
        var ofVersion4 = all.Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToArray();
        return (ofVersion4.Length > 0 ? ofVersion4 : all).Select(address => new IPEndPoint(address, Port));
    }
}
