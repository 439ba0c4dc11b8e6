using System.Text;
using System.Text.Json;

namespace AgentBudget.Cli.Tests;

/// <summary><c>agentbudget price --response</c>.</summary>
public sealed class PriceResponseTests
{
    private const string Stream = """
        event: message_start
        data: {"type":"message_start","message":{"model":"claude-opus-4-6","usage":{"input_tokens":1000,"output_tokens":1,"service_tier":"standard"}}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":100}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    [Fact]
    public async Task Response_OfAStream_IsPricedByTheTable()
    {
        var (answer, exitCode) = await AskAsync(Stream, "--at", "2026-04-01");

        Assert.Equal(ExitCodes.Ok, exitCode);
        Assert.Equal("0.007500000", answer.GetProperty("usd").GetString());
        Assert.Equal("table", answer.GetProperty("from").GetString());
        Assert.Equal("final", answer.GetProperty("completeness").GetString());
        Assert.Equal(100, answer.GetProperty("usage").GetProperty("output").GetInt64());
        Assert.Equal("standard", answer.GetProperty("service_tier").GetString());
    }

    // The stream does not say how fast it was: what was asked for holds. 1,000 x 30 + 100 x 150 millionths.
    [Fact]
    public async Task Response_AskedForAtASpeed_IsPricedAtIt()
    {
        var (answer, _) = await AskAsync(Stream, "--at", "2026-04-01", "--speed", "fast");
        Assert.Equal("0.045000000", answer.GetProperty("usd").GetString());
    }

    [Fact]
    public async Task Response_ThatWasCut_IsPricedAndSaysThatItIsPartial()
    {
        var (answer, _) = await AskAsync(Stream[..Stream.IndexOf("event: message_delta", StringComparison.Ordinal)], "--at", "2026-04-01");

        Assert.Equal("0.005025000", answer.GetProperty("usd").GetString());
        Assert.Equal("partial", answer.GetProperty("completeness").GetString());
    }

    [Fact]
    public async Task Response_WithTheProvidersCost_IsThatAndTellsTheTables()
    {
        var (answer, _) = await AskAsync(
            """{"choices":[],"model":"openai/gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":0,"cost":0.003,"cost_details":{}}}"""
        );

        Assert.Equal("0.003000000", answer.GetProperty("usd").GetString());
        Assert.Equal("provider", answer.GetProperty("from").GetString());
        Assert.Equal("0.002500000", answer.GetProperty("table_usd").GetString());
        Assert.Equal("openrouter", answer.GetProperty("provider").GetString());
    }

    [Fact]
    public async Task Response_WithoutAName_TakesItFromTheAddressOrTheModel()
    {
        const string body = """{"output":{},"stopReason":"end_turn","usage":{"inputTokens":1000,"outputTokens":0}}""";
        var (byAddress, _) = await AskAsync(
            body,
            "--address",
            "bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-micro-v1:0/converse"
        );
        var (byModel, _) = await AskAsync(body, "amazon.nova-micro-v1:0");

        Assert.Equal("0.000035000", byAddress.GetProperty("usd").GetString());
        Assert.Equal("0.000035000", byModel.GetProperty("usd").GetString());
    }

    // It was dropped, for an event ends with a blank line, which an editor had taken off.
    [Fact]
    public async Task Stream_WithoutTheBlankLineAtItsEnd_IsReadWhole()
    {
        var (answer, _) = await AskAsync(Stream.TrimEnd(), "--at", "2026-04-01");
        Assert.Equal("final", answer.GetProperty("completeness").GetString());
    }

    [Fact]
    public async Task Response_WithoutAModel_SaysThatItNamesNone()
    {
        var (answer, exitCode) = await AskAsync("""{"usage":{"prompt_tokens":1000,"completion_tokens":5}}""");
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.StartsWith("The call names no model.", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_WithoutUsage_HasNoPriceAndIsNotFree()
    {
        var (answer, exitCode) = await AskAsync("""{"choices":[],"model":"gpt-4o"}""");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("usd").ValueKind);
        Assert.Equal("none", answer.GetProperty("completeness").GetString());
        Assert.Equal("usage_not_said", answer.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("--address goes", "gpt-4o", "--address", "https://api.openai.com")]
    [InlineData("--input goes", "--response", "-", "--input", "5")]
    [InlineData("is not an address", "--response", "-", "--address", "://")]
    [InlineData("is not an address", "--response", "-", "--address", "ftp://api.openai.com/v1")]
    [InlineData("cannot be read", "--response", "no-such-file.json")]
    [InlineData("is a folder", "--response", ".")]
    public async Task Response_WithWhatDoesNotFit_SaysWhat(string part, params string[] args)
    {
        using var error = new StringWriter();
        var terminal = CliTerminal.For(TextWriter.Null, error, new MemoryStream(), new MemoryStream());
        var exitCode = await CommandLine.RunAsync(["price", .. args], terminal, TestContext.Current.CancellationToken);

        Assert.NotEqual(ExitCodes.Ok, exitCode);
        Assert.Contains(part, error.ToString(), StringComparison.Ordinal);
    }

    // It was ignored, and the provider guessed from what the response looks like.
    [Theory]
    [InlineData("notaurl")]
    [InlineData("https://notaurl/v1/responses")]
    [InlineData("api.openai.com.example.org")]
    [InlineData("10.0.0.1:8080/v1")]
    public async Task Address_ThatTellsNothing_IsWrongUsageAndNamesTheMend(string address)
    {
        var (exitCode, error) = await FailAsync(Encoding.UTF8.GetBytes(Stream), "--address", address);

        Assert.Equal(ExitCodes.WrongUsage, exitCode);
        Assert.Contains($"--address \"{address}\" tells nothing", error, StringComparison.Ordinal);
        Assert.Contains("--provider NAME", error, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string> OtherFiles =>
        new()
        {
            { "empty", [], "is empty; save the body" },
            { "blank", "\uFEFF \r\n"u8.ToArray(), "is empty; save the body" },
            { "page", "<!DOCTYPE html><html><body>Log in: data: x</body></html>"u8.ToArray(), "is HTML or XML" },
            { "gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "is packed with gzip; unpack it first" },
            { "zstd", [0x28, 0xB5, 0x2F, 0xFD, 4, 0], "is packed (zstd or zip)" },
            { "UTF-16 with its mark", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Body)], "is text in UTF-16" },
            { "UTF-16", Encoding.Unicode.GetBytes(Body), "is text in UTF-16" },
            { "UTF-16, big end first", Encoding.BigEndianUnicode.GetBytes(Body), "is text in UTF-16" },
            { "UTF-16 of events", Encoding.Unicode.GetBytes(Stream), "is text in UTF-16" },
            { "head", "HTTP/1.1 200 OK\r\nid: 5\r\n\r\n{}"u8.ToArray(), "begins with the head of an HTTP response" },
            { "text", "I am sorry, but: no."u8.ToArray(), "is neither JSON nor server-sent events" },
            { "Python", "{'model': 'gpt-4o', 'usage': {'prompt_tokens': 5}}"u8.ToArray(), "begins like JSON and is none" },
            { "YAML", "id: abc\nmodel: gpt-4o\nusage:\n  prompt_tokens: 5\n"u8.ToArray(), "is neither JSON nor server-sent events" },
            { "number", "429"u8.ToArray(), "is neither JSON nor server-sent events" },
            { "picture", [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], "is neither JSON nor server-sent events" },
        };

    private const string Body = """{"choices":[],"model":"gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":0}}""";

    // It was told as a response without usage, with exit code 1.
    [Theory]
    [MemberData(nameof(OtherFiles))]
    public async Task File_ThatIsNoResponse_IsWrongUsageAndSaysWhatItIs(string what, byte[] bytes, string message)
    {
        var (exitCode, error) = await FailAsync(bytes);

        Assert.Equal((what, ExitCodes.WrongUsage), (what, exitCode));
        Assert.Contains($"--response \"-\" {message}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{ ")]
    [InlineData("[1]")]
    [InlineData("id: 5\r\nevent: message\r\n\r\n")]
    [InlineData("data: [DONE]\n\n")]
    [InlineData(": keep-alive\n\n")]
    [InlineData("""{"error":{"message":"overloaded"}}""")]
    [InlineData("\0\0\0\u0010\0\0\0\0")]
    public async Task Response_ThatCanBeOneAndSaysNothing_HasNoUsage(string body)
    {
        var (answer, exitCode) = await AskAsync(body);
        Assert.Equal((ExitCodes.Failed, "usage_not_said"), (exitCode, answer.GetProperty("error").GetString()));
    }

    private static async Task<(int ExitCode, string Error)> FailAsync(byte[] body, params string[] args)
    {
        using var error = new StringWriter();
        using var input = new MemoryStream(body);
        var terminal = CliTerminal.For(TextWriter.Null, error, input, new MemoryStream());
        var exitCode = await CommandLine.RunAsync(["price", "--response", "-", .. args], terminal, TestContext.Current.CancellationToken);
        return (exitCode, error.ToString());
    }

    private static async Task<(JsonElement Answer, int ExitCode)> AskAsync(string body, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(body));
        var terminal = CliTerminal.For(output, error, input, new MemoryStream());
        var exitCode = await CommandLine.RunAsync(["price", "--response", "-", .. args], terminal, TestContext.Current.CancellationToken);
        Assert.Equal("", error.ToString());
        return (JsonDocument.Parse(output.ToString()).RootElement, exitCode);
    }
}
