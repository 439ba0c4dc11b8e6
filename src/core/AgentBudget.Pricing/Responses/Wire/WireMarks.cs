namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>What only one shape, or only one provider's responses, have.</summary>
[Flags]
internal enum WireMarks
{
    None = 0,
    Gemini = 1 << 0,
    Interactions = 1 << 1,
    Converse = 1 << 2,
    Cohere = 1 << 3,
    Chat = 1 << 4,
    Responses = 1 << 5,
    Anthropic = 1 << 6,
    Shapes = (1 << 7) - 1,

    OpenRouter = 1 << 8,
    XAi = 1 << 9,
    Groq = 1 << 10,
    DeepSeek = 1 << 11,
    Cerebras = 1 << 12,
    Azure = 1 << 13,
    Perplexity = 1 << 14,
    Vertex = 1 << 15,
    Fireworks = 1 << 16,

    /// <summary>The response has a place for what a model generates, so that its usage has an output.</summary>
    Generating = 1 << 17,

    /// <summary>A line of a batch's results.</summary>
    Batch = 1 << 20,

    /// <summary>Gemini searched with Google.</summary>
    GoogleSearch = 1 << 21,

    /// <summary>Gemini used a tool of which the results are billed as input.</summary>
    BilledTool = 1 << 22,

    /// <summary>The response came to its end, so that what it has not said it will not say.</summary>
    Ended = 1 << 23,
}
