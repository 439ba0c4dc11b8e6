using System.Text;

namespace AgentBudget.Pricing.Tests.Responses;

/// <summary>An event that differs from the last one only where nobody looks is not read but compared. Byte by byte each is read.</summary>
public class RepeatedEventTests
{
    private const int Streams = 3_000;

    private const string Usage = """data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}""" + "\n\ndata: [DONE]\n\n";

    // Texts as they stand on the wire: escapes, quotes that an escape holds, ends of lines, one without an end, one that ends the object.
    private static readonly string[] Texts =
    [
        "",
        " the",
        "\\\"",
        "\\\\",
        "\\n\\u00e9",
        "\\u\"\"\"\"",
        "\\u12",
        "\\",
        "a\nb",
        "a\r",
        "\"},\"finish_reason\":\"stop",
        "\",\"usage\":{\"prompt_tokens\":9},\"x\":\"",
        new string('x', 3_000),
    ];

    private static readonly string[] Numbers =
    [
        "0",
        "17",
        "null",
        "1e9",
        "",
        "-",
        "true",
        "\"9\"",
        "{}",
        "[1,2]",
        "9,\"usage\":{\"total_tokens\":4}",
    ];

    private static readonly string[] Ends = ["\n\n", "\n\n", "\n\n", "\r\n\r\n", "\r\r", "\n", "\n: ping\n\n", "\n\n: ping\n\n"];

    [Fact]
    public void Append_OfEventsThatAreAlmostTheSame_GivesWhatReadingEachGives()
    {
        var random = new Random(13);
        for (var i = 0; i < Streams; i++)
        {
            var body = Encoding.UTF8.GetBytes(Stream(random));
            var oneByOne = new ResponseReader();
            foreach (var next in body)
                oneByOne.Append([next]);

            var atOnce = ResponseReader.Read(body);

            Assert.Equal(oneByOne.Usage with { OtherParts = [] }, atOnce with { OtherParts = [] });
        }
    }

    [Theory]
    [InlineData(" the", 4)]
    [InlineData("\\n", 1)]
    [InlineData("\\u00e9x", 6)]
    [InlineData("\\\"\\\\", 2)]
    public void TextBytes_OfRepeatedEvents_CountsEachText(string text, int bytes)
    {
        const int events = 100;
        var body = string.Concat(Enumerable.Range(0, events).Select(i => Event(text, $"{i}", "\n\n")));

        Assert.Equal(events * bytes, ResponseReader.Read(Encoding.UTF8.GetBytes(body)).TextBytes);
    }

    [Fact]
    public void Usage_BehindManyRepeatedEvents_IsReadOnce()
    {
        var body = string.Concat(Enumerable.Range(0, 100).Select(i => Event("x", $"{i}", "\n\n"))) + Usage;

        var read = ResponseReader.Read(Encoding.UTF8.GetBytes(body));

        Assert.Equal(new TokenUsage(5, 7), read.Usage);
        Assert.Equal(UsageCompleteness.Final, read.Completeness);
    }

    // A search that is done is billed each time.
    [Fact]
    public void Usage_OfAnEventThatIsBilledAndComesTwice_CountsItTwice()
    {
        const string search = """
            data: {"type":"response.output_item.done","sequence_number":1,"item":{"id":"a","type":"web_search_call","status":"completed"}}


            """;
        const string end = """
            data: {"type":"response.completed","response":{"usage":{"input_tokens":1,"output_tokens":1}}}


            """;

        var read = ResponseReader.Read(Encoding.UTF8.GetBytes(search + search.Replace("\"a\"", "\"b\"") + search + end));

        Assert.Equal(3, read.Usage!.Value.WebSearches);
    }

    private static string Stream(Random random)
    {
        var stream = new StringBuilder();
        var end = Ends[random.Next(Ends.Length)];
        for (var events = random.Next(2, 12); events > 0; events--)
        {
            var isPlain = random.Next(4) > 0;
            stream.Append(
                Event(
                    isPlain ? Texts[random.Next(2)] : Texts[random.Next(Texts.Length)],
                    isPlain ? "17" : Numbers[random.Next(Numbers.Length)],
                    random.Next(8) > 0 ? end : Ends[random.Next(Ends.Length)]
                )
            );
        }

        return stream.Append(random.Next(2) == 0 ? Usage : "").ToString();
    }

    private static string Event(string text, string number, string end) =>
        "data: {\"id\":\"c\",\"created\":"
        + number
        + ",\"model\":\"gpt-5\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text
        + "\"},\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"x\"}"
        + end;
}
