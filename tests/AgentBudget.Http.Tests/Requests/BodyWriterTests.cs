using System.Text;
using System.Text.Json.Nodes;
using AgentBudget.Http.Requests;

namespace AgentBudget.Http.Tests.Requests;

public sealed class BodyWriterTests
{
    [Theory]
    [InlineData("""{"model":"gpt-5","max_tokens":1000}""", """{"model":"gpt-5","max_tokens":300}""")]
    [InlineData("""{"model":"gpt-5","max_tokens":200}""", """{"model":"gpt-5","max_tokens":200}""")]
    [InlineData("""{"model":"gpt-5","max_tokens": null }""", """{"model":"gpt-5","max_tokens": 300 }""")]
    [InlineData("""{"model":"gpt-5","max_tokens":-1}""", """{"model":"gpt-5","max_tokens":300}""")]
    [InlineData(
        """{"max_tokens":900,"max_completion_tokens":1000,"model":"a"}""",
        """{"max_tokens":300,"max_completion_tokens":300,"model":"a"}"""
    )]
    [InlineData("""{"model":"gpt-5"}""", """{"max_completion_tokens":300,"model":"gpt-5"}""")]
    [InlineData("{ \"model\": \"gpt-5\" }", "{\"max_completion_tokens\":300, \"model\": \"gpt-5\" }")]
    public void Cap_OfChat_IsLoweredAndNothingElse(string body, string written) => Assert.Equal(written, Clamp(ModelApiKind.Chat, body));

    [Theory]
    [InlineData("""{"generationConfig":{"maxOutputTokens":1000}}""", """{"generationConfig":{"maxOutputTokens":300}}""")]
    [InlineData("""{"generationConfig":{"topK":1}}""", """{"generationConfig":{"maxOutputTokens":300,"topK":1}}""")]
    [InlineData("""{"generationConfig":{}}""", """{"generationConfig":{"maxOutputTokens":300}}""")]
    [InlineData("""{"generationConfig": null,"contents":[]}""", """{"generationConfig": {"maxOutputTokens":300},"contents":[]}""")]
    [InlineData("""{"contents":[]}""", """{"generationConfig":{"maxOutputTokens":300},"contents":[]}""")]
    public void Cap_OfGemini_StandsInItsSettings(string body, string written) => Assert.Equal(written, Clamp(ModelApiKind.Gemini, body));

    [Theory]
    [InlineData(ModelApiKind.Responses, "max_output_tokens")]
    [InlineData(ModelApiKind.Messages, "max_tokens")]
    [InlineData(ModelApiKind.Cohere, "max_tokens")]
    [InlineData(ModelApiKind.Completions, "max_tokens")]
    internal void Cap_OfABodyWithout_HasTheNameOfItsApi(ModelApiKind kind, string name) =>
        Assert.Equal($$"""{"{{name}}":300,"model":"x"}""", Clamp(kind, """{"model":"x"}"""));

    [Theory]
    [InlineData("openai", "any", "max_completion_tokens")]
    [InlineData("groq", "gpt-oss", "max_tokens")]
    [InlineData(null, "gpt-5-mini", "max_completion_tokens")]
    [InlineData(null, "o3", "max_completion_tokens")]
    [InlineData(null, "llama-3", "max_tokens")]
    public void Cap_OfChat_HasTheNameThatItsProviderTakes(string? provider, string model, string name) =>
        Assert.Contains(name, Clamp(ModelApiKind.Chat, $$"""{"model":"{{model}}"}""", provider));

    [Fact]
    public void Cap_OfSeveralAnswers_IsSharedByThem() =>
        Assert.Equal(
            """{"model":"gpt-5","n":3,"max_tokens":100}""",
            Clamp(ModelApiKind.Chat, """{"model":"gpt-5","n":3,"max_tokens":500}""")
        );

    [Theory]
    [InlineData("""{"model":"a","stream":true}""", """{"stream_options":{"include_usage":true},"model":"a","stream":true}""")]
    [InlineData(
        """{"model":"a","stream":true,"stream_options":{}}""",
        """{"model":"a","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        """{"model":"a","stream":true,"stream_options":{"include_usage":false}}""",
        """{"model":"a","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        """{"model":"a","stream":true,"stream_options":{"x":1}}""",
        """{"model":"a","stream":true,"stream_options":{"include_usage":true,"x":1}}"""
    )]
    [InlineData(
        """{"model":"a","stream_options":null,"stream":true}""",
        """{"model":"a","stream_options":{"include_usage":true},"stream":true}"""
    )]
    public void Stream_OfChat_IsToldToSayItsUsage(string body, string written) =>
        Assert.Equal(written, Write(ModelApiKind.Chat, body, null, afforded: null));

    [Theory]
    [InlineData("""{"model":"a","stream":true,"stream_options":{"include_usage":true}}""", null)]
    [InlineData("""{"model":"a","stream":false}""", null)]
    [InlineData("""{"model":"mistral-large","stream":true}""", null)]
    [InlineData("""{"model":"sonar","stream":true}""", "perplexity")]
    public void Stream_ThatSaysItsUsageOrWouldRefuseTo_IsSentAsItIs(string body, string? provider) =>
        Assert.Equal(body, Write(ModelApiKind.Chat, body, provider, afforded: null));

    [Fact]
    public void Body_WithBothChanges_IsJsonAsBefore()
    {
        var written = Write(ModelApiKind.Chat, """{"model":"gpt-5","stream":true,"messages":[{"content":"é"}]}""", "openai", afforded: 300);
        var json = JsonNode.Parse(written)!;
        Assert.Equal(300, (int)json["max_completion_tokens"]!);
        Assert.True((bool)json["stream_options"]!["include_usage"]!);
        Assert.Equal("é", (string?)json["messages"]![0]!["content"]);
    }

    private static string Clamp(ModelApiKind kind, string body, string? provider = null) => Write(kind, body, provider, afforded: 300);

    private static string Write(ModelApiKind kind, string body, string? provider, long? afforded)
    {
        var call = ModelCallTests.Call(kind, body, provider);
        var writer = new BodyWriter(Encoding.UTF8.GetBytes(body));
        call.Rewrite(writer, afforded, call.WantsUsage);
        return Encoding.UTF8.GetString(writer.Write());
    }
}
