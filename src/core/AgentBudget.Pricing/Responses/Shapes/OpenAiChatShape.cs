using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>
/// Chat completions, completions and embeddings as OpenAI made them and Azure, Mistral, DeepSeek, xAI, Groq, OpenRouter, Perplexity,
/// Together, Fireworks, Cerebras, Z.ai and Google speak them. Inclusive.
/// </summary>
internal sealed class OpenAiChatShape : ResponseShape
{
    public override WireMarks Mark => WireMarks.Chat;

    public override IReadOnlyList<(string Path, WireField Field)> Usage { get; } =
    [
        ("prompt_tokens", Input),
        ("completion_tokens", Output),
        ("total_tokens", Total),
        ("prompt_tokens_details.cached_tokens", CacheRead),
        ("prompt_tokens_details.cache_write_tokens", CacheWrite),
        ("prompt_tokens_details.audio_tokens", InputAudio),
        ("prompt_tokens_details.image_tokens", InputImage),
        ("prompt_tokens_details.cached_tokens_details.audio_tokens", CachedAudio),
        ("prompt_tokens_details.cached_tokens_details.image_tokens", CachedImage),
        ("completion_tokens_details.reasoning_tokens", Reasoning),
        ("completion_tokens_details.audio_tokens", OutputAudio),
        ("completion_tokens_details.image_tokens", OutputImage),
        // DeepSeek; Together and Moonshot; Mistral.
        ("prompt_cache_hit_tokens", CacheRead),
        ("cached_tokens", CacheRead),
        ("num_cached_tokens", CacheRead),
        // Perplexity's deep research.
        ("reasoning_tokens", ReasoningApart),
        ("citation_tokens", Citations),
        ("num_search_queries", WebSearches),
        ("cost.total_cost", Cost),
        ("server_tool_use_details.web_search_requests", WebSearches),
        ("cost", Cost),
        ("cost_details.upstream_inference_cost", UpstreamCost),
        ("is_byok", IsOwnKey),
        ("cost_in_usd_ticks", CostTicks),
    ];

    public override IReadOnlyList<(string Path, WireField Field)> Fields { get; } = Candidate.Fields("choices");

    public override IReadOnlyList<(string Path, Action<FieldValues> Read)> Elements { get; } = [("choices[]", Candidate.Read)];

    public override IReadOnlyList<(string Path, WireMarks Mark)> Marks { get; } =
    [
        ("choices", WireMarks.Chat | WireMarks.Generating),
        ("usage.prompt_tokens", WireMarks.Chat),
        ("choices[].native_finish_reason", WireMarks.OpenRouter),
        ("usage.cost_details", WireMarks.OpenRouter),
        ("usage.is_byok", WireMarks.OpenRouter),
        ("usage.cost_in_usd_ticks", WireMarks.XAi),
        ("x_groq", WireMarks.Groq),
        ("usage.prompt_cache_hit_tokens", WireMarks.DeepSeek),
        ("time_info", WireMarks.Cerebras),
        ("prompt_filter_results", WireMarks.Azure),
        ("choices[].content_filter_results", WireMarks.Azure),
        ("citations", WireMarks.Perplexity),
        ("search_results", WireMarks.Perplexity),
        ("usage.search_context_size", WireMarks.Perplexity),
        ("usage.citation_tokens", WireMarks.Perplexity),
        ("perf_metrics", WireMarks.Fireworks),
    ];

    public override IReadOnlyList<string> Generated { get; } =
    [
        "choices[].text",
        "choices[].delta.content",
        "choices[].delta.content[].text",
        "choices[].delta.content[].thinking[].text",
        "choices[].delta.reasoning",
        "choices[].delta.reasoning_content",
        "choices[].delta.refusal",
        "choices[].delta.tool_calls[].function.name",
        "choices[].delta.tool_calls[].function.arguments",
    ];

    public override bool EndsWithDone => true;

    public override bool IsTotalAnInput => true;

    public override TokenUsage ToUsage(FieldValues told)
    {
        var input = told[Input];
        // An embedding has no output, and some say a total alone.
        if (!told.Has(Input))
            input = Math.Max(0, told[Total] - told[Output]);
        var output = told[Output];
        var reasoning = told[Reasoning];
        // xAI, and Google in this shape, leave reasoning out of the output; their totals hold it.
        if (told[Total] > input + output)
            output = told[Total] - input;
        else if (!told.Has(Total) && (told.Marks & WireMarks.XAi) != 0)
            output += reasoning;
        if ((told.Marks & WireMarks.Perplexity) != 0)
        {
            output += told[ReasoningApart];
            input += told[Citations];
        }

        reasoning = Math.Max(reasoning, told[ReasoningApart]);
        return new TokenUsage(input, output)
        {
            CacheRead = told[CacheRead],
            CacheReadAudio = told[CachedAudio],
            CacheReadImage = told[CachedImage],
            CacheWrite = told[CacheWrite],
            Reasoning = reasoning,
            InputAudio = told[InputAudio],
            OutputAudio = told[OutputAudio],
            InputImage = told[InputImage],
            OutputImage = told[OutputImage],
            WebSearches = told[WebSearches],
        };
    }
}
