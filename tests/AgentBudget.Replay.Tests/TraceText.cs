namespace AgentBudget.Replay.Tests;

/// <summary>Lines of traces, and the recorded runs of the samples.</summary>
internal static class TraceText
{
    public const string Header = """{"format":1,"agent":"tester","start":"2026-03-01T12:00:00Z"}""";

    public const string Fits = "mini-gemini3-django-django-11163.jsonl";
    public const string Longer = "mini-gemini3-django-django-12741.jsonl";
    public const string Loops = "trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004.jsonl";

    public static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "traces", name);

    public static string Labelled(string name) => Path.Combine(AppContext.BaseDirectory, "labelled", name + ".jsonl");

    /// <summary>A model call with a recorded cost and no usage.</summary>
    public static string Model(long t, string dollars, string members = "") =>
        $$"""{"t":{{t}},"kind":"llm","model":"test-model","usage":null,"recorded_cost_usd":{{dollars}}{{members}}}""";

    public static string Tool(long t, string args = "{}", string members = "") =>
        $$"""{"t":{{t}},"kind":"tool","tool":"bash","args":"{{args.Replace("\"", "\\\"", StringComparison.Ordinal)}}"{{members}}}""";
}
