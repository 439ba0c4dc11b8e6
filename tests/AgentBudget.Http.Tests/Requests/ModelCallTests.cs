using System.Text;
using AgentBudget.Http.Requests;

namespace AgentBudget.Http.Tests.Requests;

public sealed class ModelCallTests
{
    [Theory]
    [InlineData("https://api.openai.com/v1/chat/completions", "Chat")]
    [InlineData("https://api.openai.com/v1/responses", "Responses")]
    [InlineData("https://acme.openai.azure.com/openai/deployments/mine/chat/completions?api-version=1", "Chat")]
    [InlineData("https://api.anthropic.com/v1/messages", "Messages")]
    [InlineData("https://api.anthropic.com/v1/messages/", "Messages")]
    [InlineData("https://api.anthropic.com/v1/messages/count_tokens", null)]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", "Gemini")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:countTokens", null)]
    [InlineData("https://api.cohere.com/v2/chat", "Cohere")]
    [InlineData("https://api.openai.com/v1/embeddings", "Vectors")]
    [InlineData("https://api.openai.com/v1/files", null)]
    [InlineData("https://api.openai.com/v1/audio/speech", "Speech")]
    [InlineData("https://api.openai.com/v1/videos", "Other")]
    [InlineData("https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-pro-v1:0/converse", "Bedrock")]
    [InlineData("https://api.openai.com/v1/batches", "Jobs")]
    [InlineData("https://api.openai.com/v1/batches/batch_1/cancel", null)]
    [InlineData("https://api.anthropic.com/v1/messages/batches", "Jobs")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:batchGenerateContent", "Jobs")]
    [InlineData("https://api.openai.com/v1/fine_tuning/jobs", "Jobs")]
    [InlineData("https://api.openai.com/v1/threads/thread_1/messages", null)]
    [InlineData("https://api.openai.com/v1/threads/thread_1/runs", "Other")]
    [InlineData("https://api.openai.com/v1/vector_stores/vs_1/search", null)]
    [InlineData(
        "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:rawPredict",
        null
    )]
    [InlineData("https://shop.example.com/batches", null)]
    [InlineData("http://localhost:8080/v1/chat/completions", "Chat")]
    [InlineData("https://shop.example.com/cars", null)]
    [InlineData("https://shop.example.com/search/embeddings", null)]
    public void Kind_OfACall_IsTheOneOfItsAddress(string address, string? kind)
    {
        var uri = new Uri(address);
        Assert.Equal(kind, ModelApi.Find(uri, ResponseOrigin.Of(uri), takesAny: false)?.ToString());
    }

    [Theory]
    [InlineData("http://localhost/v1beta/models/gemini-2.5-flash:generateContent", "gemini-2.5-flash")]
    [InlineData("http://localhost/openai/deployments/my-gpt/chat/completions", "my-gpt")]
    [InlineData("http://localhost/v1/chat", null)]
    public void Model_OfAnAddress_IsFound(string address, string? model) => Assert.Equal(model, ModelApi.ModelOf(new Uri(address)));

    [Fact]
    public void Estimate_OfACall_IsItsTokensItsCapAndItsTerms()
    {
        var call = Call(
            ModelApiKind.Chat,
            """{"model":"gpt-5","n":2,"max_completion_tokens":100,"service_tier":"priority","messages":[{"role":"user","content":"hi"}]}""",
            "openai"
        );
        var estimate = call.Estimate(TokenEstimator.Shared);

        Assert.Equal(("gpt-5", "openai"), (estimate.Call.Name, estimate.Call.Provider));
        Assert.Equal((200L, "priority"), (estimate.MaxOutputTokens, estimate.Terms.ServiceTier));
        Assert.InRange(estimate.InputTokens, 16, 24);
    }

    [Fact]
    public void Estimate_OfWhatIsBesideText_HoldsIt()
    {
        var options = new AgentBudgetHttpOptions
        {
            TokensPerPicture = 1_000,
            TokensOfKeptContext = 10_000,
            Searches = 4,
        };
        var body = """
            {"model":"gpt-5","previous_response_id":"resp_of_somebody_else","tools":[{"type":"web_search"}],
             "input":[{"content":[{"type":"input_image","image_url":"https://example.com/a.png"}]}]}
            """;
        var estimate = Call(ModelApiKind.Responses, body, "openai", options).Estimate(TokenEstimator.Shared);

        Assert.InRange(estimate.InputTokens, 11_020, 11_060);
        Assert.Equal((4L, (long?)null), (estimate.Beside.WebSearches, estimate.MaxOutputTokens));
    }

    [Fact]
    public void Estimate_OfVectors_HasNoOutput() =>
        Assert.Equal(
            0,
            Call(ModelApiKind.Vectors, """{"model":"text-embedding-3-small","input":"a"}""").Estimate(TokenEstimator.Shared).MaxOutputTokens
        );

    // What is billed by the piece has no price by tokens, and the other way round.
    [Theory]
    [InlineData(ModelApiKind.Speech, """{"model":"tts-1","input":"Hello, world.","voice":"alloy"}""", 0, 8_000)]
    [InlineData(ModelApiKind.Pictures, """{"model":"dall-e-3","prompt":"a cat","n":2}""", 2, 16_000)]
    internal void Estimate_OfSpeechAndPictures_IsByPiecesAndElseByTokens(ModelApiKind kind, string body, int pictures, int output)
    {
        var call = Call(kind, body, "openai");
        var (first, second) = (call.Estimate(TokenEstimator.Shared), call.Estimate(TokenEstimator.Shared, isSecond: true));

        Assert.Equal((0L, 0L, (long)pictures), (first.InputTokens, first.MaxOutputTokens, first.Beside.OutputPictures));
        Assert.Equal(kind == ModelApiKind.Speech, first.Beside.InputCharacters >= 13);
        Assert.Equal(output, second.MaxOutputTokens);
        Assert.True(second.InputTokens > 0);
    }

    // A model refuses a cap below what it may think with.
    [Theory]
    [InlineData("""{"model":"claude-opus-4-8","max_tokens":8000,"thinking":{"type":"enabled","budget_tokens":4000}}""", 4001)]
    [InlineData("""{"model":"claude-opus-4-8","max_tokens":8000}""", 256)]
    [InlineData("""{"model":"claude-opus-4-8","max_tokens":10}""", 10)]
    [InlineData("""{"model":"claude-opus-4-8","max_tokens":8000,"n":2}""", 512)]
    public void LeastOutput_OfACall_IsWhatItIsWorthMakingWith(string body, int least) =>
        Assert.Equal(least, Call(ModelApiKind.Messages, body).LeastOutput);

    [Theory]
    [InlineData(ModelApiKind.Chat, false, true)]
    [InlineData(ModelApiKind.Chat, true, false)]
    [InlineData(ModelApiKind.Bedrock, false, false)]
    [InlineData(ModelApiKind.Vectors, false, false)]
    internal void Clamping_OfACall_NeedsABodyThatMayBeChanged(ModelApiKind kind, bool isSigned, bool canClamp) =>
        Assert.Equal(canClamp, Call(kind, """{"model":"a"}""", isSigned: isSigned).CanClamp);

    [Fact]
    public void Call_WithoutAModel_IsNone() =>
        Assert.Null(
            ModelCall.Of(
                ModelApiKind.Chat,
                new Uri("http://localhost/v1/chat/completions"),
                default,
                BodyReaderTests.Read("{}"),
                isSigned: false,
                new AgentBudgetHttpOptions()
            )
        );

    internal static ModelCall Call(
        ModelApiKind kind,
        string body,
        string? provider = null,
        AgentBudgetHttpOptions? options = null,
        bool isSigned = false
    ) =>
        ModelCall.Of(
            kind,
            new Uri("http://localhost/models/gemini-2.5-flash:generateContent"),
            new ResponseOrigin(provider),
            BodyReader.TryRead(Encoding.UTF8.GetBytes(body))!,
            isSigned,
            options ?? new AgentBudgetHttpOptions()
        )!;
}
