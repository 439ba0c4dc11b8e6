using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentBudget.Webhooks.Signing;

/// <summary>
/// The signature of a post by the Standard Webhooks specification, version 1.0.0: HMAC-SHA256 over <c>id.timestamp.body</c>, one of each
/// secret that is live.
/// </summary>
internal static class PostSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The value of the signature's header.</summary>
    /// <param name="id">The id of what is posted.</param>
    /// <param name="unixSeconds">When it is posted.</param>
    /// <param name="body">The body, as it is sent.</param>
    /// <param name="secrets">The secrets, the newest first.</param>
    public static string Sign(string id, long unixSeconds, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> secrets)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        var signed = new byte[head.Length + body.Length];
        head.CopyTo(signed, 0);
        body.CopyTo(signed.AsSpan(head.Length));
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))));
    }
}
