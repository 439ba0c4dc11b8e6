namespace AgentBudget.Cli.Tests.Screens;

/// <summary>Bodies of responses, in the shapes of their providers.</summary>
internal static class Responses
{
    public const string Final =
        Cut
        + """
            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":100}}

            event: message_stop
            data: {"type":"message_stop"}


            """;

    public const string Cut = """
        event: message_start
        data: {"type":"message_start","message":{"model":"claude-opus-4-6","usage":{"input_tokens":1000,"cache_read_input_tokens":700,"output_tokens":1,"service_tier":"standard"}}}


        """;

    public const string Silent = """{"choices":[],"model":"gpt-4o"}""";

    public const string WithItsCost =
        """{"choices":[],"model":"openai/gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":0,"cost":0.003,"cost_details":{}}}""";

    public const string WithAnotherPart = """
        {"type":"message","model":"claude-opus-4-6","stop_reason":"end_turn","usage":{"input_tokens":1000,"output_tokens":100,
         "iterations":[{"type":"message","input_tokens":400,"output_tokens":40},
                       {"type":"advisor_message","model":"claude-sonnet-4-6","input_tokens":600,"output_tokens":60}]}}
        """;
}
