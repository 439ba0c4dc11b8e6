namespace AgentBudget.Pricing.Tests.Responses;

/// <summary>What the address of a call tells: the host of a region makes a call dearer.</summary>
public class ResponseOriginTests
{
    [Theory]
    [InlineData("https://api.openai.com/v1/responses", "openai", null)]
    [InlineData("https://eu.api.openai.com/v1/responses", "openai", "eu")]
    [InlineData("https://US.api.openai.com/v1/chat/completions", "openai", "us")]
    [InlineData("https://eu-west-1.api.x.ai/v1/responses", "xai", "eu-west-1")]
    [InlineData(
        "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/m:generateContent",
        "google-vertex",
        "global"
    )]
    [InlineData(
        "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers/google/models/m:x",
        "google-vertex",
        "europe-west4"
    )]
    [InlineData(
        "https://us-central1-aiplatform.googleapis.com/v1/publishers/google/models/m:generateContent",
        "google-vertex",
        "us-central1"
    )]
    [InlineData(
        "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/publishers/anthropic/models/m:rawPredict",
        "google-vertex",
        "eu"
    )]
    [InlineData("https://aiplatform.us.rep.googleapis.com/v1/publishers/anthropic/models/m:rawPredict", "google-vertex", "us")]
    [InlineData("https://generativelanguage.us.rep.googleapis.com/v1beta/models/m:generateContent", "google", "us")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/models/m:generateContent", "google", null)]
    [InlineData("https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse", "bedrock", "eu-west-1")]
    [InlineData("https://bedrock-mantle.us-east-1.api.aws/v1/chat/completions", "bedrock", "us-east-1")]
    [InlineData("https://ours.openai.azure.com/openai/deployments/d/chat/completions", "azure", null)]
    [InlineData("https://api.openai.com.example.org/v1/responses", null, null)]
    [InlineData("https://storage.eu.rep.googleapis.com/b", null, null)]
    public void Of_AnAddress_TellsProviderAndRegion(string address, string? provider, string? region)
    {
        var origin = ResponseOrigin.Of(new Uri(address));
        Assert.Equal((provider, region), (origin.Provider, origin.Region));
    }

    [Fact]
    public void Price_OfAResponseFromTheHostOfARegion_HasItsUplift()
    {
        var body = """{"model":"gpt-5.4","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":1000}}"""u8;
        var plain = ResponseReader.Read(body, ResponseOrigin.Of(new Uri("https://api.openai.com/v1/chat/completions")));
        var regional = ResponseReader.Read(body, ResponseOrigin.Of(new Uri("https://eu.api.openai.com/v1/chat/completions")));

        var at = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(Money.Parse("0.0175"), PriceBook.Embedded.Price(plain, at).Cost);
        Assert.Equal(Money.Parse("0.01925"), PriceBook.Embedded.Price(regional, at).Cost);
    }
}
