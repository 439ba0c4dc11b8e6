namespace AgentBudget.Webhooks.Signing;

/// <summary>A secret as Standard Webhooks writes it: <c>whsec_</c> and base64.</summary>
internal static class SigningSecret
{
    private const string Prefix = WebhookSettings.SecretPrefix;
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    /// <summary>The bytes of one.</summary>
    /// <exception cref="ArgumentException">It is none. The message does not hold it.</exception>
    public static byte[] Parse(string secret)
    {
        var bytes = new byte[MostBytes];
        var isSecret =
            secret.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64Chars(secret.AsSpan(Prefix.Length), bytes, out var count)
            && count >= LeastBytes;
        return isSecret
            ? Convert.FromBase64String(secret[Prefix.Length..])
            : throw new ArgumentException(
                $"The endpoint's secret must be {Prefix} and the base64 of {LeastBytes} to {MostBytes} bytes; leave it out to have "
                    + "one made."
            );
    }
}
