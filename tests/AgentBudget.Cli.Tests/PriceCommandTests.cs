using System.Text;
using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class PriceCommandTests
{
    private static async Task<JsonElement[]> AskAsync(params string[] lines) =>
        await AskAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    private static async Task<JsonElement[]> AskAsync(byte[] input)
    {
        using var asked = new MemoryStream(input);
        using var answers = new MemoryStream();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(
            ["price"],
            CliTerminal.For(TextWriter.Null, error, asked, answers),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("", error.ToString());
        Assert.Equal(ExitCodes.Ok, exitCode);
        var text = Encoding.UTF8.GetString(answers.ToArray());
        if (text.Length > 0)
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static void AssertBad(JsonElement answer, long line, string part)
    {
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("usd").ValueKind);
        Assert.Equal("bad_line", answer.GetProperty("error").GetString());
        Assert.Equal(line, answer.GetProperty("line").GetInt64());
        Assert.Contains(part, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_OfAKnownModel_IsAnsweredWithCostRowAndTable()
    {
        var answer = Assert.Single(
            await AskAsync(
                """{"provider": null, "model": "claude-opus-4-6", "at": "2026-04-01T00:00:00Z", "service_tier": null, "usage": {"input": 10000, "output": 500, "cache_read": 2000, "cache_write": 0, "cache_write_1h": 0, "reasoning": 0, "input_audio": 0, "output_audio": 0, "web_searches": 0, "rerank_searches": 0}}"""
            )
        );

        // 8,000 x 5 + 2,000 x 0.50 + 500 x 25 = 53,500 millionths.
        Assert.Equal("0.053500000", answer.GetProperty("usd").GetString());
        Assert.Equal("anthropic", answer.GetProperty("provider").GetString());
        Assert.Equal("claude-opus-4-6", answer.GetProperty("model").GetString());
        Assert.Equal("anthropic/claude-opus-4-6@2026-03-13", answer.GetProperty("row").GetString());
        Assert.Equal(PriceBook.Embedded.Version, answer.GetProperty("table").GetString());
        Assert.Equal(["usd", "provider", "model", "row", "table"], answer.EnumerateObject().Select(property => property.Name));
    }

    // A misspelt one costs what no region does.
    [Theory]
    [InlineData("us", false)]
    [InlineData("uss", true)]
    public async Task Region_ThatTheRowDoesNotName_IsToldToPeople(string region, bool isTold)
    {
        var run = (await Tool.RunAtAsync(120, "price", "claude-opus-4-6", "--input", "1000", "--region", region)).Succeeded();
        Assert.Equal(isTold, run.Out.Contains($"no price of its own for the region {region}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2026-03-12T23:59:59Z", 200_001, "2.037510000")]
    [InlineData("2026-03-13", 200_001, "1.025005000")]
    [InlineData("2026-03-12T23:59:59.999+00:00", 200_000, "1.025000000")]
    [InlineData("2026-03-13T01:00:00+02:00", 200_001, "2.037510000")]
    public async Task Line_WithATime_IsPricedAtThatTime(string at, long input, string usd) =>
        Assert.Equal(
            usd,
            Assert
                .Single(await AskAsync($$$"""{"model":"claude-opus-4-6","at":"{{{at}}}","usage":{"input":{{{input}}},"output":1000}}"""))
                .GetProperty("usd")
                .GetString()
        );

    // 10,000 x 30 + 500 x 150 millionths: sixfold what the standard speed costs.
    [Fact]
    public async Task Line_WithASpeed_IsPricedAtIt()
    {
        var answer = Assert.Single(
            await AskAsync(
                """{"model":"claude-opus-4-6","at":"2026-04-01T00:00:00Z","speed":"fast","usage":{"input":10000,"output":500}}"""
            )
        );
        Assert.Equal("0.375000000", answer.GetProperty("usd").GetString());
    }

    [Fact]
    public async Task OneCall_WithASpeed_IsPricedAtIt()
    {
        string[] call = ["price", "claude-opus-4-6", "--at", "2026-04-01", "--input", "10000", "--output", "500", "--json"];
        Assert.Contains("\"usd\":\"0.062500000\"", (await Tool.RunAsync(call)).Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains(
            "\"usd\":\"0.375000000\"",
            (await Tool.RunAsync([.. call, "--speed", "fast"])).Succeeded().Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Lines_OfAModelThatDraws_AreExactWithImageCountsAndWarnWithoutThem()
    {
        var answers = await AskAsync(
            """{"provider":"google","model":"gemini-2.5-flash-image","usage":{"input":268,"output":1310,"input_image":258,"output_image":1290}}""",
            """{"provider":"google","model":"gemini-2.5-flash-image","usage":{"input":268,"output":1310}}"""
        );

        // 268 x 0.30 + 1,290 x 30 + 20 x 2.50, and 268 x 0.30 + 1,310 x 2.50.
        Assert.Equal(["0.038830400", "0.003355400"], answers.Select(answer => answer.GetProperty("usd").GetString()));
        Assert.False(answers[0].TryGetProperty("warnings", out _));
        Assert.Equal("images_not_counted", Assert.Single(answers[1].GetProperty("warnings").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Lines_OfManyKinds_AreAnsweredOneForOneInOrder()
    {
        var answers = await AskAsync(
            """{"model":"gpt-4o","usage":{"input":1000}}""",
            "",
            "nonsense",
            """{"model":"gpt-4o-xyz","usage":{"input":1000}}""",
            """{"model":"gpt-4o","service_tier":"batch","usage":{"output":1000,"reasoning":2000}}""",
            """{"model":"deepinfra/Qwen/QwQ-32B","usage":{"input":1,"web_searches":1}}"""
        );

        Assert.Equal(6, answers.Length);
        Assert.Equal("0.002500000", answers[0].GetProperty("usd").GetString());
        AssertBad(answers[1], 2, "not JSON");
        AssertBad(answers[2], 3, "not JSON");
        Assert.Equal("unknown_model", answers[3].GetProperty("error").GetString());
        Assert.Equal(JsonValueKind.Null, answers[3].GetProperty("usd").ValueKind);
        Assert.InRange(answers[3].GetProperty("candidates").GetArrayLength(), 1, 3);
        Assert.Equal("0.010000000", answers[4].GetProperty("usd").GetString());
        Assert.Equal("reasoning_above_output", answers[4].GetProperty("warnings")[0].GetString());
        Assert.Equal("unpriced_unit", answers[5].GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("null", "object")]
    [InlineData("""{"usage":{}}""", "\"model\" is missing")]
    [InlineData("""{"model":" ","usage":{}}""", "\"model\" is missing")]
    [InlineData("""{"model":7,"usage":{}}""", "\"model\" must be text")]
    [InlineData("""{"model":"gpt-4o"}""", "\"usage\" is missing")]
    [InlineData("""{"model":"gpt-4o","usage":null}""", "\"usage\" is missing")]
    [InlineData("""{"model":"gpt-4o","usage":{}}""", "\"usage\" has no count")]
    [InlineData("""{"model":"gpt-4o","usage":[]}""", "\"usage\" is missing")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":-1}}""", "negative")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":1.5}}""", "whole number")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":"1"}}""", "whole number")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":99999999999999999999}}""", "whole number")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":1,"cached":1}}""", "\"cached\" is not a known count")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":1,"cache_read":2}}""", "exceeds the count input")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":9,"cache_write":2,"cache_write_1h":3}}""", "cache_write_1h")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":1,"input_audio":2}}""", "input_audio")]
    [InlineData("""{"model":"gpt-4o","usage":{"output":1,"output_image":2}}""", "output_image")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":3,"input_audio":2,"input_image":2}}""", "together exceed the count input")]
    [InlineData("""{"model":"gpt-4o","usage":{"output":3,"output_image":1.5}}""", "\"output_image\" must be")]
    [InlineData("""{"model":"gpt-4o","at":"yesterday","usage":{}}""", "\"at\" must be")]
    [InlineData("""{"model":"gpt-4o","at":"2026-13-01T00:00:00Z","usage":{}}""", "\"at\" must be")]
    [InlineData("""{"model":"gpt-4o","at":5,"usage":{}}""", "\"at\" must be text")]
    [InlineData("""{"model":"gpt-4o","provider":1,"usage":{}}""", "\"provider\" must be text")]
    [InlineData("""{"model":"gpt-4o","speed":2,"usage":{}}""", "\"speed\" must be text")]
    [InlineData("""{"model":"gpt-4o","usage":{},"model":"o1"}""", "\"model\" twice")]
    [InlineData("""{"model":"gpt-4o","usage":{"input":1,"output":1,"input":2}}""", "\"input\" twice")]
    [InlineData("""{"model":"gpt-4o","usage":{},"own":[{"a":1},{"b":1,"\u0062":2}]}""", "\"b\" twice")]
    [InlineData("""{"model":"gpt-4o","usage":{},"\uD800":1,"\uD800":2}""", "not valid Unicode")]
    [InlineData(
        """{"model":"gpt-4o","usage":{},"own":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""",
        "nested more than 64 deep"
    )]
    [InlineData("""{"model":"gpt-4o","usage":{},"own":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[""", "not JSON")]
    [InlineData("""{"model":"\uD800","usage":{}}""", "not valid Unicode")]
    [InlineData("""{"model":"gpt-4o","usage":{}""", "not JSON")]
    public async Task Line_ThatIsBad_IsAnsweredWithItsNumberAndTheRestGoesOn(string line, string part)
    {
        var answers = await AskAsync("""{"model":"gpt-4o","usage":{"input":0}}""", line, """{"model":"gpt-4o","usage":{"input":0}}""");

        Assert.Equal(3, answers.Length);
        AssertBad(answers[1], 2, part);
        Assert.Equal("0.000000000", answers[2].GetProperty("usd").GetString());
    }

    [Fact]
    public async Task Input_WithOtherLineEndsMarksAndBytes_IsReadLineByLine()
    {
        byte[] input =
        [
            .. Encoding.UTF8.Preamble,
            .. Encoding.UTF8.GetBytes("{\"model\":\"gpt-4o\",\"usage\":{\"input\":1}}\r\n"),
            0xFF,
            0xFE,
            (byte)'\n',
            .. Encoding.UTF8.GetBytes(new string('x', 1_100_000) + "\n{\"model\":\"gpt-4o\",\"usage\":{\"input\":1}}"),
        ];

        var answers = await AskAsync(input);

        Assert.Equal(4, answers.Length);
        Assert.Equal("0.000002500", answers[0].GetProperty("usd").GetString());
        AssertBad(answers[1], 2, "not JSON");
        AssertBad(answers[2], 3, "longer than");
        Assert.Equal("0.000002500", answers[3].GetProperty("usd").GetString());
    }

    // A filter's exit code speaks of the filter; each answer speaks of its line.
    [Fact]
    public async Task Lines_NoneOfWhichCouldBePriced_AreAnsweredAndTheExitCodeIsZero()
    {
        var answers = await AskAsync("nonsense", """{"model":"gpt-4o-xyz","usage":{"input":1000}}""");
        Assert.Equal(["bad_line", "unknown_model"], answers.Select(answer => answer.GetProperty("error").GetString()));
        Assert.Contains(
            "0 when every line is answered",
            (await Tool.RunAsync("price", "--help")).Succeeded().Out.ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Line_NestedAsDeepAsALineCanBe_IsAnswered()
    {
        const int deep = 400_000;
        var answers = await AskAsync(
            "{\"model\":\"gpt-4o\",\"own\":" + new string('[', deep) + new string(']', deep) + "}",
            """{"model":"gpt-4o","usage":{"input":0}}"""
        );
        AssertBad(answers[0], 1, "nested more than 64 deep");
        Assert.Equal("0.000000000", answers[1].GetProperty("usd").GetString());
    }

    [Fact]
    public async Task Input_Empty_IsAnsweredWithNothing() => Assert.Empty(await AskAsync(Array.Empty<byte>()));

    [Fact]
    public async Task OneCall_ByOptions_IsPriced()
    {
        var run = (
            await Tool.RunAsync(
                "price",
                "claude-haiku-4-5",
                "--input",
                "1000",
                "--output",
                "1000",
                "--web-searches",
                "2",
                "--at",
                "2026-02-10",
                "--json"
            )
        ).Succeeded();
        Assert.Contains("\"usd\":\"0.026000000\"", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneCall_WithImages_CostsTheirRates()
    {
        // 20 x 5 + 300 x 10 + 1,056 x 40.
        var run = (
            await Tool.RunAsync(
                "price",
                "gpt-image-1",
                "--input",
                "320",
                "--input-image",
                "300",
                "--output",
                "1056",
                "--output-image",
                "1056",
                "--json"
            )
        ).Succeeded();
        Assert.Contains("\"usd\":\"0.045340000\"", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("warnings", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneCall_OfAnUnknownModel_FailsWithCandidates()
    {
        var run = await Tool.RunAsync("price", "gpt-4o-xyz", "--input", "1", "--json");

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("\"error\":\"unknown_model\"", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("price", "gpt-4o", "--input", "x")]
    [InlineData("price", "gpt-4o", "--input", "-1")]
    [InlineData("price", "gpt-4o", "--input", "1", "--cache-read", "2")]
    [InlineData("price", "gpt-4o", "--output", "1", "--output-image", "2")]
    [InlineData("price", "gpt-4o", "--at", "soon")]
    [InlineData("price", "--input", "1")]
    [InlineData("price", "--speed", "fast")]
    public async Task OneCall_WithAMistake_IsWrongUsage(params string[] arguments) =>
        (await Tool.RunAsync(arguments)).FailedWith(ExitCodes.WrongUsage);
}
