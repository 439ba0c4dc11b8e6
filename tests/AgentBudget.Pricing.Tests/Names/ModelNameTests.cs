namespace AgentBudget.Pricing.Tests.Names;

public class ModelNameTests
{
    [Theory]
    [InlineData("openai", "gpt-4o", "openai/gpt-4o")]
    [InlineData("openai", "  GPT-4o\t", "openai/gpt-4o")]
    [InlineData(" OpenAI ", "gpt-4o", "openai/gpt-4o")]
    [InlineData("openai", "gpt-4o-2024-08-06", "openai/gpt-4o")]
    [InlineData("openai", "gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13")]
    [InlineData("openai", "gpt-4o-2025-12-31", "openai/gpt-4o")]
    [InlineData("openai", "openai/gpt-4o", "openai/gpt-4o")]
    [InlineData("openai", "gpt-5-2025-08-07", "openai/gpt-5")]
    [InlineData("openai", "o1-pro", "openai/o1-pro")]
    [InlineData("openai", "o1-pro-2025-03-19", "openai/o1-pro")]
    [InlineData("anthropic", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5")]
    [InlineData("anthropic", "claude-sonnet-4-5@20250929", "anthropic/claude-sonnet-4-5")]
    [InlineData("anthropic", "claude-sonnet-4.5", "anthropic/claude-sonnet-4-5")]
    [InlineData("anthropic", "claude-3-5-haiku-latest", "anthropic/claude-3-5-haiku")]
    [InlineData("anthropic", "claude-3-5-haiku@latest", "anthropic/claude-3-5-haiku")]
    [InlineData("anthropic", "claude-opus-4-20250514", "anthropic/claude-opus-4-0")]
    [InlineData("anthropic", "claude-opus-4-1-20250805", "anthropic/claude-opus-4-1")]
    [InlineData("google", "gemini-2.5-pro", "google/gemini-2.5-pro")]
    [InlineData("google", "models/gemini-2.5-pro", "google/gemini-2.5-pro")]
    [InlineData("google", "google/models/gemini-2.5-pro", "google/gemini-2.5-pro")]
    [InlineData("google", "gemini-2.0-flash-001", "google/gemini-2.0-flash")]
    [InlineData("gemini", "gemini-2.5-pro", "google/gemini-2.5-pro")]
    [InlineData("google", "google/gemini-3-pro-preview", "google/gemini-3-pro-preview")]
    [InlineData("google", "gemini/gemini-3-pro-preview", "google/gemini-3-pro-preview")]
    [InlineData("openrouter", "meta-llama/llama-4-maverick", "openrouter/meta-llama/llama-4-maverick")]
    [InlineData("openrouter", "openrouter/meta-llama/llama-4-maverick", "openrouter/meta-llama/llama-4-maverick")]
    [InlineData("openrouter", "openai/gpt-4o", "openrouter/openai/gpt-4o")]
    [InlineData("openrouter", "openai/o3-2025-04-16", "openai/o3@2025-06-10")]
    [InlineData("open-router", "anthropic/claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5")]
    [InlineData("openrouter", "openrouter/openai/gpt-4o", "openrouter/openai/gpt-4o")]
    [InlineData("openrouter", "anthropic/claude-sonnet-4.5", "openrouter/anthropic/claude-sonnet-4.5")]
    [InlineData("openrouter", "openai/gpt-5.6-luna", "openrouter/openai/gpt-5.6-luna")]
    [InlineData("azure", "gpt-4o-2024-08-06", "azure/gpt-4o")]
    [InlineData("azure_ai", "eu/gpt-4o-2024-08-06", "azure/eu/gpt-4o-2024-08-06")]
    [InlineData("google", "claude-sonnet-4-5@20250929", "google-vertex/claude-sonnet-4-5")]
    [InlineData("google", "vertex_ai/claude-sonnet-4-5", "google-vertex/claude-sonnet-4-5")]
    [InlineData("vertex_ai", "gemini-2.5-pro", "google-vertex/gemini-2.5-pro")]
    [InlineData("x-ai", "grok-4-0709", "xai/grok-4-0709")]
    [InlineData("xai", "xai/grok-4-latest", "xai/grok-4-0709")]
    [InlineData("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "bedrock/au.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("aws", "anthropic.claude-3-haiku-20240307-v1:0", "bedrock/anthropic.claude-3-haiku-20240307-v1:0")]
    [InlineData("fireworks_ai", "accounts/fireworks/models/deepseek-v3p1", "fireworks/accounts/fireworks/models/deepseek-v3p1")]
    [InlineData("together_ai", "deepseek-ai/DeepSeek-V3.1", "together/deepseek-ai/deepseek-v3.1")]
    [InlineData("groq", "openai/gpt-oss-120b", "groq/openai/gpt-oss-120b")]
    [InlineData("mistral", "mistral-large-latest", "mistral/mistral-large-latest")]
    public void Name_OfAKnownForm_ResolvesToItsRow(string provider, string model, string rowId) =>
        Assert.Equal(rowId, PriceBook.Embedded.RowId(provider, model));

    [Theory]
    [InlineData("gpt-4o", "openai/gpt-4o")]
    [InlineData("openai/gpt-4o", "openai/gpt-4o")]
    [InlineData("openrouter/openai/gpt-4o-2024-11-20", "openrouter/openai/gpt-4o")]
    [InlineData("azure/gpt-4o", "azure/gpt-4o")]
    [InlineData("bedrock/anthropic.claude-3-haiku-20240307-v1:0", "bedrock/anthropic.claude-3-haiku-20240307-v1:0")]
    [InlineData("deepseek-chat", "deepseek/deepseek-chat@2025-09-05T16:00:00Z")]
    [InlineData("voyage-3.5", "voyage/voyage-3.5")]
    [InlineData("google/gemini-3-pro-preview", "google/gemini-3-pro-preview")]
    [InlineData("gemini/gemini-3-pro-preview", "google/gemini-3-pro-preview")]
    [InlineData("models/gemini-2.5-flash", "google/gemini-2.5-flash")]
    [InlineData("meta-llama/llama-4-maverick", "openrouter/meta-llama/llama-4-maverick")]
    [InlineData("openrouter/meta-llama/llama-4-maverick", "openrouter/meta-llama/llama-4-maverick")]
    [InlineData("claude-haiku-4-5-20251001", "anthropic/claude-haiku-4-5")]
    public void Name_WithoutProvider_ResolvesToItsRow(string model, string rowId)
    {
        Assert.Equal(rowId, PriceBook.Embedded.RowId(null, model));
        Assert.Equal(rowId, PriceBook.Embedded.RowId(" ", model));
    }

    [Theory]
    [InlineData("ft:gpt-4o-2024-08-06:acme:support:abc123", "openai/ft:gpt-4o-2024-08-06")]
    [InlineData("ft:gpt-4o-2024-08-06", "openai/ft:gpt-4o-2024-08-06")]
    [InlineData("openai/ft:gpt-4o-mini-2024-07-18:acme::abc123", "openai/ft:gpt-4o-mini-2024-07-18")]
    [InlineData("ft:gpt-5:acme::abc123", null)]
    [InlineData("ft:gpt-4o:acme::abc123", null)]
    public void FineTune_OfAModel_HasARowOfItsOwnOrNone(string model, string? rowId) =>
        Assert.Equal(rowId, PriceBook.Embedded.RowId("openai", model));
}
