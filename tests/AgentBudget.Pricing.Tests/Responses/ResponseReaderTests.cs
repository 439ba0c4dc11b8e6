using System.Text;

namespace AgentBudget.Pricing.Tests.Responses;

public class ResponseReaderTests
{
    public static TheoryData<string> Names => ResponseCase.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfAWholeResponse_GivesWhatItBills(string name)
    {
        var response = ResponseCase.Named(name);
        response.AssertIs(ResponseReader.Read(response.Body, response.Origin));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Append_OfPiecesOfAnySize_GivesTheSameAsTheWhole(string name)
    {
        var response = ResponseCase.Named(name);
        foreach (var size in (int[])[1, 2, 3, 7, 64, 1000])
        {
            var reader = new ResponseReader(response.Origin);
            foreach (var piece in response.Body.Chunk(size))
                reader.Append(piece);
            response.AssertIs(reader.Usage);
        }
    }

    // A reader that is used again must not bill one response for what another said.
    [Theory]
    [MemberData(nameof(Names))]
    public void Restart_InTheMiddleOfAnyOther_ReadsAsANewReader(string name)
    {
        var response = ResponseCase.Named(name);
        var reader = new ResponseReader();
        foreach (var other in ResponseCase.All)
        {
            foreach (var length in (int[])[other.Body.Length, other.Body.Length / 2])
            {
                reader.Restart(other.Origin);
                reader.Append(other.Body.AsSpan(0, length));
                reader.Restart(response.Origin);
                reader.Append(response.Body);
                response.AssertIs(reader.Usage);
            }
        }
    }

    // What was read byte by byte until here is what a response that was cut here gives.
    [Theory]
    [MemberData(nameof(Names))]
    public void Usage_OfAResponseCutAnywhere_IsNeverAboveTheWholeAndNeverFinal(string name)
    {
        var response = ResponseCase.Named(name);
        var whole = ResponseReader.Read(response.Body, response.Origin);
        var reader = new ResponseReader(response.Origin);
        var wasFinal = false;
        for (var i = 0; i < response.Body.Length; i++)
        {
            reader.Append(response.Body.AsSpan(i, 1));
            var cut = reader.Usage;
            if (cut.Completeness == UsageCompleteness.Final && !wasFinal)
            {
                wasFinal = true;
                var rest = Encoding.UTF8.GetString(response.Body.AsSpan(i + 1)).Trim();
                // The end of some streams is marked twice.
                Assert.True(rest.Length == 0 || rest is "data: [DONE]" or "event: done\ndata: [DONE]" or "]", rest);
                Assert.Equal(whole.Usage, cut.Usage);
            }

            AssertNotAbove(whole.Usage, cut.Usage);
            Assert.True(cut.OtherParts.Count <= whole.OtherParts.Count);
            Assert.True(cut.ProviderCost is null || cut.ProviderCost <= whole.ProviderCost);
        }
    }

    [Theory]
    [InlineData("0.0025", "0.0025")]
    [InlineData("2.5E-3", "0.0025")]
    [InlineData("2500000000e-12", "0.0025")]
    [InlineData("\"0.0025\"", "0.0025")]
    [InlineData("0.0025000000000000000001", "0.0025")]
    [InlineData("0.00123456789012345678901234567890123456789", "0.001234568")]
    [InlineData("123.456789012345678901234567890", "123.456789013")]
    [InlineData("1e-20", "0.000000001")]
    [InlineData("0", "0")]
    [InlineData("-0.0025", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("-1e400", null)]
    [InlineData("1e400", null)]
    [InlineData("1e28", null)]
    [InlineData("99999999999999999999999999999999999999999", null)]
    [InlineData("\"much\"", null)]
    [InlineData("true", null)]
    [InlineData("[0.0025]", null)]
    [InlineData("0x10", null)]
    public void ProviderCost_OfAnyForm_IsTheSumOrNothing(string cost, string? dollars)
    {
        foreach (var name in (string[])["cost", "cost_in_usd_ticks"])
        {
            var json = $$$"""{"model":"x/y","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"{{{name}}}":{{{cost}}}}}""";
            var read = ResponseReader.Read(Encoding.UTF8.GetBytes(json));

            Assert.Equal(new TokenUsage(5, 7), read.Usage!.Value with { CacheRead = 0 });
            if (name == "cost")
                Assert.Equal(dollars is null ? null : Money.Parse(dollars), read.ProviderCost);
            else
                Assert.True(read.ProviderCost is null || dollars is not null);
        }
    }

    // A comma ends a number in JSON: what stands before it is not the sum, and not nothing.
    [Theory]
    [InlineData("\"prompt_tokens\":5,\"completion_tokens\":7,\"cost\":0,0025", 5, 7)]
    [InlineData("\"cost\":0,0025,\"prompt_tokens\":5,\"completion_tokens\":7", 5, 7)]
    [InlineData("\"prompt_tokens\":5,\"completion_tokens\":7,\"cost\":1,234,567.89", 5, 7)]
    [InlineData("\"prompt_tokens\":1,234,\"cost\":0.5", null, null)]
    public void Number_WithACommaInIt_IsNotItsFirstDigits(string said, int? input, int? output)
    {
        var json = Encoding.UTF8.GetBytes($$$"""{"model":"x/y","choices":[],"usage":{{{{said}}}}}""");
        var read = ResponseReader.Read(json);

        Assert.Equal(input is { } tokens ? new TokenUsage(tokens, output!.Value) : null, read.Usage);
        Assert.True(read.ProviderCost is null || input is null);
        var oneByOne = new ResponseReader();
        foreach (var next in json)
            oneByOne.Append([next]);
        Assert.Equal(read with { OtherParts = [] }, oneByOne.Usage with { OtherParts = [] });
    }

    // Ticks were taken for dollars when they were bounded: what cost more than five cents was lost.
    [Theory]
    [InlineData("13031400", "0.00130314")]
    [InlineData("500000000", "0.05")]
    [InlineData("500000001", "0.050000001")]
    [InlineData("10000000000", "1")]
    [InlineData("1000000000000000", "100000")]
    [InlineData("1e28", null)]
    public void ProviderCost_InTicks_IsTenBillionthsOfADollar(string ticks, string? dollars)
    {
        var json =
            $$$"""{"model":"grok-4","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"cost_in_usd_ticks":{{{ticks}}}}}""";
        Assert.Equal(dollars is null ? null : Money.Parse(dollars), ResponseReader.Read(Encoding.UTF8.GetBytes(json)).ProviderCost);
    }

    // With a key of one's own the router bills its fee alone; what the seller bills is not nothing because nobody said it.
    [Theory]
    [InlineData("\"is_byok\":true,\"cost\":0", null)]
    [InlineData("\"is_byok\":true,\"cost\":0,\"cost_details\":{\"upstream_inference_cost\":null}", null)]
    [InlineData("\"is_byok\":true,\"cost\":0.001,\"cost_details\":{\"upstream_inference_cost\":0.02}", "0.021")]
    [InlineData("\"is_byok\":false,\"cost\":0", "0")]
    [InlineData("\"cost\":0", "0")]
    public void ProviderCost_WithAKeyOfOnesOwn_NeedsTheSellersPart(string said, string? dollars)
    {
        var json = $$$"""{"model":"x/y","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,{{{said}}}}}""";
        Assert.Equal(dollars is null ? null : Money.Parse(dollars), ResponseReader.Read(Encoding.UTF8.GetBytes(json)).ProviderCost);
    }

    // The last line of a batch's results was taken for all of them, and for complete.
    [Fact]
    public void Read_OfSeveralResponsesInARow_IsNoUsageOfOne()
    {
        const string first = """{"id":"a","model":"gpt-5","choices":[],"usage":{"prompt_tokens":500,"completion_tokens":70}}""";
        const string second = """{"id":"b","model":"gpt-5","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}""";
        Assert.Equal(UsageCompleteness.Final, ResponseReader.Read(Encoding.UTF8.GetBytes(first + "\n")).Completeness);
        var several = ResponseReader.Read(Encoding.UTF8.GetBytes(first + "\n" + second + "\n"));
        Assert.Equal((UsageCompleteness.Partial, false), (several.Completeness, several.IsStopped));
    }

    [Fact]
    public void ReadUsage_OfTheFieldCases_GivesTheirInclusiveCounts()
    {
        foreach (
            var line in ResponseCase
                .ReadLines("field-cases/usage.jsonl")
                .Where(line => line.GetProperty("wire_shape").GetString() != "anthropic.sse")
        )
        {
            var origin = new ResponseOrigin(line.GetProperty("provider").GetString(), line.GetProperty("model").GetString());
            var read = ResponseReader.ReadUsage(Encoding.UTF8.GetBytes(line.GetProperty("usage").GetRawText()), origin);

            var normalised = line.GetProperty("normalised");
            var first = normalised.ValueKind == System.Text.Json.JsonValueKind.Array ? normalised[0] : normalised;
            var expected = ResponseCase.UsageOf(first.GetProperty("usage"));
            // Some of the lines leave the reasoning out, which costs what output does, and one the cached audio.
            Assert.Equal(expected, read.Usage!.Value with { Reasoning = expected.Reasoning, CacheReadAudio = expected.CacheReadAudio });
            Assert.Equal(UsageCompleteness.Final, read.Completeness);
            if (normalised.ValueKind != System.Text.Json.JsonValueKind.Array)
                continue;
            var other = Assert.Single(read.OtherParts);
            Assert.Equal(normalised[1].GetProperty("model").GetString(), other.Model);
            Assert.Equal(ResponseCase.UsageOf(normalised[1].GetProperty("usage")), other.Usage);
        }
    }

    [Fact]
    public void Append_OfEventsWithoutUsage_AllocatesNothing()
    {
        var events = Encoding.UTF8.GetBytes(
            """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Some words of the model."}}

            data: {"id":"c","object":"chat.completion.chunk","model":"gpt-5","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}],"usage":null}


            """
        );
        var reader = new ResponseReader();
        for (var i = 0; i < 100; i++)
            reader.Append(events);
        const int pieces = 10_000;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < pieces; i++)
            reader.Append(events);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(bytes, 0, pieces);
    }

    private static void AssertNotAbove(TokenUsage? whole, TokenUsage? cut)
    {
        if (cut is not { } some)
            return;
        foreach (var row in UsageDimensions.All)
            Assert.True(some[row.Dimension] <= whole!.Value[row.Dimension], row.Name);
    }
}
