using System.Text;
using AgentBudget.Webhooks.Signing;

namespace AgentBudget.Webhooks.Tests.Signing;

/// <summary>Signatures by the published scheme: id, time and body, one of each live secret.</summary>
public sealed class PostSignatureTests
{
    private const string Body = """{"test": 2432232314}""";

    private static readonly string One = WebhookSettings.NewSecret();
    private static readonly string Two = WebhookSettings.NewSecret();

    [Fact]
    public void Signature_OfOneSecret_IsGenuineForThatAlone()
    {
        var headers = Headers([One]);
        Assert.True(Verifier.IsGenuine(One, headers, Body));
        Assert.False(Verifier.IsGenuine(Two, headers, Body));
    }

    [Fact]
    public void Signature_OfTwoSecrets_IsGenuineForBoth()
    {
        var headers = Headers([One, Two]);
        Assert.True(Verifier.IsGenuine(One, headers, Body));
        Assert.True(Verifier.IsGenuine(Two, headers, Body));
        Assert.False(Verifier.IsGenuine(WebhookSettings.NewSecret(), headers, Body));
    }

    [Theory]
    [InlineData("webhook-id", "msg_other")]
    [InlineData("webhook-timestamp", null)]
    [InlineData("body", """{"test": 2432232315}""")]
    public void Signature_OfSomethingElse_IsNotGenuine(string part, string? other)
    {
        var headers = Headers([One]);
        var later = (long.Parse(headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture) + 1).ToString(
            System.Globalization.CultureInfo.InvariantCulture
        );
        if (part != "body")
            headers[part] = other ?? later;
        Assert.False(Verifier.IsGenuine(One, headers, part == "body" ? other! : Body));
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64 at all, not even nearly so, and long")]
    public void Secret_ThatIsNone_IsRefusedWithoutBeingSaid(string secret)
    {
        var refused = Assert.Throws<ArgumentException>(() => SigningSecret.Parse(secret));
        Assert.DoesNotContain(secret["whsec_".Length..] is { Length: > 0 } rest ? rest : "\0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_OfSixtyFiveBytes_IsRefused() =>
        Assert.Throws<ArgumentException>(() => SigningSecret.Parse("whsec_" + Convert.ToBase64String(new byte[65])));

    private static Dictionary<string, string> Headers(string[] secrets)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var keys = secrets.Select(SigningSecret.Parse).ToArray();
        return new Dictionary<string, string>
        {
            ["webhook-id"] = "msg_p5jXN8AQM9LWM0D4loKWxJek",
            ["webhook-timestamp"] = now.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["webhook-signature"] = PostSignature.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", now, Encoding.UTF8.GetBytes(Body), keys),
        };
    }
}
