using System.Text;
using AgentBudget.Http.Requests;

namespace AgentBudget.Http.Tests.Requests;

public sealed class BodyReaderTests
{
    private const string Picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Theory]
    [InlineData("""{"model":"gpt-5","max_tokens":10}""", 10)]
    [InlineData("""{"model":"gpt-5","max_completion_tokens":11}""", 11)]
    [InlineData("""{"model":"gpt-5","max_output_tokens":12}""", 12)]
    [InlineData("""{"generationConfig":{"temperature":1,"maxOutputTokens":13}}""", 13)]
    [InlineData("""{"generation_config":{"max_output_tokens":14}}""", 14)]
    [InlineData("""{"inferenceConfig":{"maxTokens":15}}""", 15)]
    [InlineData("""{"max_tokens":10,"max_completion_tokens":99}""", 99)]
    [InlineData("""{"max_tokens":10,"max_tokens":7}""", 10)]
    [InlineData("""{"m\u0061x_tokens":16}""", 16)]
    [InlineData("""{"max_tokens":null}""", null)]
    [InlineData("""{"max_tokens":"many"}""", null)]
    [InlineData("""{"max_tokens":1e2}""", null)]
    [InlineData("""{"max_tokens":-1}""", null)]
    [InlineData("""{"max_tokens":0,"max_completion_tokens":5}""", null)]
    [InlineData("""{"messages":[{"max_tokens":10}]}""", null)]
    public void Cap_UnderAnyOfItsNames_IsRead(string body, int? cap) => Assert.Equal(cap, Read(body).Cap);

    [Theory]
    [InlineData("""{"n":4}""", 4)]
    [InlineData("""{"generationConfig":{"candidateCount":3}}""", 3)]
    [InlineData("""{"n":2,"best_of":5}""", 5)]
    [InlineData("""{"n":null}""", 1)]
    [InlineData("""{"n":0}""", 1)]
    [InlineData("""{"n":1000000}""", 128)]
    public void Answers_ThatAreAskedFor_AreRead(string body, int answers) => Assert.Equal(answers, Read(body).Answers);

    [Fact]
    public void Terms_AndTheRest_AreRead()
    {
        var body = Read(
            """
            {"model":"claude-opus-4-8","stream":true,"background":true,"stream_options":{"include_usage":true},"service_tier":"flex",
             "speed":"fast","inference_geo":"us","thinking":{"type":"enabled","budget_tokens":2048},"previous_response_id":"resp_1"}
            """
        );

        Assert.Equal(("claude-opus-4-8", true, true, true), (body.Model, body.IsStream, body.IsBackground, body.IncludesUsage));
        Assert.Equal(("flex", "fast", "us", 2048L), (body.ServiceTier, body.Speed, body.Region, body.ThinkingTokens));
        Assert.Equal(("resp_1", true), (body.PreviousResponse, body.StandsOnKept));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"model\":\"gpt-5\"")]
    [InlineData("{\"model\":\"gpt-5\"} {}")]
    [InlineData("not json")]
    public void Body_ThatIsNoJsonObject_IsNotRead(string body) => Assert.Null(BodyReader.TryRead(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Text_OfMessages_IsWhatIsSaidAndNotWhatFramesIt()
    {
        var body = Read("""{"model":"gpt-5","messages":[{"role":"user","content":"Gr\u00fc\u00dfe"},{"role":"user","content":"two"}]}""");
        Assert.Equal(" user Grüße user two", body.Text.ToString());
        Assert.Equal(2, body.Messages);
    }

    [Fact]
    public void Text_OfTools_HasTheirNamesAndTheirSchemas()
    {
        var body = Read("""{"tools":[{"type":"function","name":"look","parameters":{"properties":{"query":{"type":"string"}}}}]}""");
        Assert.Equal(" function name look parameters properties query string", body.Text.ToString());
        Assert.Equal(1, body.Tools);
    }

    // What a tool gave, or a user wrote, was taken for one picture however long it was.
    [Theory]
    [InlineData("""{"messages":[{"role":"tool","content":"data:image/png;base64,PICTURE"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"data:image/png;base64,PICTURE"}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"type":"tool_use","input":{"url":"data:image/png;base64,PICTURE"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"type":"tool_use","input":{"data":"PICTURE"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"url":"http://a"},"data:image/png;base64,PICTURE"]}]}""")]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{"args":[{"image_url":"data:image/png;base64,PICTURE"}]}}]}]}""")]
    [InlineData("""{"contents":[{"parts":[{"functionResponse":{"response":{"inlineData":{"data":"PICTURE"}}}}]}]}""")]
    [InlineData("""{"input":"data:image/png;base64,PICTURE"}""")]
    public void Data_WhereNoMediaStand_IsText(string body)
    {
        var read = Read(body.Replace("PICTURE", Picture, StringComparison.Ordinal));
        Assert.Contains(Picture, read.Text.ToString(), StringComparison.Ordinal);
        Assert.Equal(body.Contains("http:", StringComparison.Ordinal) ? 1 : 0, read.Pictures);
    }

    // Behind what a tool was called with, media are media again.
    [Fact]
    public void Picture_BehindACallOfATool_IsCounted()
    {
        var read = Read(
            $$$$"""
            {"messages":[{"content":[
                {"type":"tool_use","input":{"a":{"b":[1]}}},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{{Picture}}}}"}}
            ]}]}
            """
        );
        Assert.Equal(1, read.Pictures);
        Assert.DoesNotContain(Picture, read.Text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,PICTURE"}}]}]}""")]
    [InlineData("""{"input":[{"content":[{"type":"input_image","image_url":"data:image/png;base64,PICTURE"}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"PICTURE"}}]}]}""")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"data":"PICTURE","mimeType":"image/png"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}""")]
    public void Picture_InABody_IsCountedAndIsNoText(string body)
    {
        var read = Read(body.Replace("PICTURE", Picture, StringComparison.Ordinal));
        Assert.Equal((1, 0L, 0L), (read.Pictures, read.AudioBytes, read.FileBytes));
        Assert.DoesNotContain("iVBOR", read.Text.ToString());
        Assert.DoesNotContain("example", read.Text.ToString());
    }

    [Fact]
    public void Sound_AndFiles_AreCountedByTheirBytes()
    {
        var sound = Read($$$"""{"messages":[{"content":[{"input_audio":{"data":"{{{Picture}}}","format":"wav"}}]}]}""");
        var file = Read($$$"""{"input":[{"content":[{"file_data":"data:application/pdf;base64,{{{Picture}}}"}]}]}""");
        Assert.Equal((0, 72L, 0L), (sound.Pictures, sound.AudioBytes, sound.FileBytes));
        Assert.Equal((0, 0L, 72L), (file.Pictures, file.AudioBytes, file.FileBytes));
    }

    // What somebody says may look like anything; short or with blanks it is text.
    [Fact]
    public void Text_ThatLooksLikeAPicture_IsText()
    {
        var body = Read("""{"messages":[{"content":"data:image/png;base64 is how pictures begin"},{"data":"aGVsbG8="}]}""");
        Assert.Equal(0, body.Pictures);
        Assert.Contains("how pictures begin", body.Text.ToString());
    }

    // What was cut in the middle of a character is not refused for that.
    [Fact]
    public void Text_WithHalfAPair_IsReadAsItStands() =>
        Assert.Contains("ud83d", Read("""{"messages":[{"content":"cut here: \ud83d"}]}""").Text.ToString());

    [Theory]
    [InlineData("""{"tools":[{"type":"web_search"}]}""", 0, true)]
    [InlineData("""{"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":3}]}""", 3, true)]
    [InlineData("""{"tools":[{"google_search":{}}]}""", 0, true)]
    [InlineData("""{"web_search_options":{}}""", 0, true)]
    [InlineData("""{"tools":[{"type":"function","name":"web_searcher"}]}""", 0, false)]
    public void Searches_ThatACallMayMake_AreRead(string body, int most, bool isFree)
    {
        var read = Read(body);
        Assert.Equal((most, isFree), (read.WebSearches, read.SearchesFreely));
    }

    [Fact]
    public void Body_OfAnyBytes_ThrowsNothing()
    {
        var random = new Random(7);
        var pattern = Encoding.UTF8.GetBytes(
            """{"model":"a","messages":[{"content":[{"type":"image","source":{"data":"aaaa","media_type":"x"}}]}],"n":3,"max_tokens":1}"""
        );
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = pattern.ToArray();
            for (var change = 0; change < 3; change++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _ = BodyReader.TryRead(bytes);
        }
    }

    internal static RequestBody Read(string body) => BodyReader.TryRead(Encoding.UTF8.GetBytes(body))!;
}
