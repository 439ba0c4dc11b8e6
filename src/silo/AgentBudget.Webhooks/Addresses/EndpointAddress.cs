using System.Net;
using System.Text;

namespace AgentBudget.Webhooks.Addresses;

/// <summary>Reads the address of an endpoint: what can be said of it before its name is looked up.</summary>
internal static class EndpointAddress
{
    /// <param name="url">The address.</param>
    /// <param name="mayBeAnywhere">Whether http, and addresses that are not public, may be: for development.</param>
    /// <exception cref="ArgumentException">It may not be posted to; the message says why.</exception>
    public static Uri Parse(string url, bool mayBeAnywhere)
    {
        if (
            !Uri.TryCreate(url, UriKind.Absolute, out var address)
            || address.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic
        )
            throw Refused("is no address; write one such as https://example.com/hook");
        if (address.Scheme != Uri.UriSchemeHttps && !(mayBeAnywhere && address.Scheme == Uri.UriSchemeHttp))
            throw Refused("must begin with https://; for development there is AgentBudget:Webhooks:AllowInsecureAddresses");
        if (address.UserInfo.Length > 0)
            throw Refused("must not hold a user name or password; posts are signed");
        if (address.Fragment.Length > 0)
            throw Refused("must not have a fragment; take away what stands behind #");
        // Digits of other alphabets are addresses to some who look a name up.
        if (!Ascii.IsValid(address.Host))
            throw Refused("must have its name in ASCII; write one of other letters as xn--…");
        if (!mayBeAnywhere && IsOfNobodyElse(address))
            throw Refused("leads to no public address");
        return address;
    }

    // Whatever it is written like, an address of numbers has been read as one by now; a name is looked up when it is connected to.
    private static bool IsOfNobodyElse(Uri address)
    {
        var name = address.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(name, out var ip))
            return !PublicAddress.Is(ip);
        return name.Length == 0
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    private static ArgumentException Refused(string why) => new($"The endpoint's Url {why}.");
}
