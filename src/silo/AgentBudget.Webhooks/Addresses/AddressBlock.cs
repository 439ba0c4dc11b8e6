using System.Globalization;
using System.Net;

namespace AgentBudget.Webhooks.Addresses;

/// <summary>
/// A block of addresses, such as <c>10.0.0.0/8</c>. Bits are compared and nothing else: <see cref="IPNetwork"/> takes an IPv4 address that
/// is mapped into IPv6 for something else than what its bits say.
/// </summary>
internal sealed class AddressBlock
{
    private readonly byte[] first;
    private readonly int bits;

    private AddressBlock(byte[] first, int bits) => (this.first, this.bits) = (first, bits);

    public static AddressBlock Parse(string text)
    {
        var parts = text.Split('/');
        return new AddressBlock(IPAddress.Parse(parts[0]).GetAddressBytes(), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Whether an address is in it; none of another family is.</summary>
    public bool Has(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (bytes.Length != first.Length)
            return false;
        var whole = bits / 8;
        var mask = (byte)(0xff00 >> (bits % 8));
        return bytes.AsSpan(0, whole).SequenceEqual(first.AsSpan(0, whole))
            && (bits % 8 == 0 || (bytes[whole] & mask) == (first[whole] & mask));
    }
}
