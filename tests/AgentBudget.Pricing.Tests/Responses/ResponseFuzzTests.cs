namespace AgentBudget.Pricing.Tests.Responses;

/// <summary>Whatever arrives, in whatever pieces: no exception, a usage that has a price, and the same answer for the same bytes.</summary>
public class ResponseFuzzTests
{
    private const int BodiesInCi = 20_000;

    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "\"usage\":",
            "{\"usage\":{",
            "\"prompt_tokens\":",
            "99999999999999999999",
            "-1",
            "1e400",
            "0.5",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "\\",
            "\\u00",
            "null",
            "data: ",
            "data:[DONE]",
            "\n\n",
            "\r\n\r\n",
            "\r",
            "event: message_stop\n",
            "\"type\":\"message_start\"",
            "\"iterations\":[{\"type\":\"advisor\",\"model\":\"m\",\"output_tokens\":5}]",
            "\"usageMetadata\":{\"promptTokenCount\":5,",
            "\"candidates\":[{\"index\":1,\"finishReason\":\"STOP\"}],",
            "\"choices\":[{\"index\":99999999999,\"finish_reason\":\"stop\"}],",
            "\"index\":",
            ",0025",
            "\"candidatesTokensDetails\":[{\"modality\":\"IMAGE\",\"tokenCount\":99}]",
            "\0\0\0\u0020\0\0\0\0",
            "\u00ef\u00bb\u00bf",
        }.Select(System.Text.Encoding.Latin1.GetBytes),
    ];

    private static long Bodies =>
        long.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_SEQUENCES"), out var asked) ? asked : BodiesInCi;

    [Fact]
    public void Append_OfMangledResponses_NeverThrowsAndNeverContradictsItself()
    {
        var random = new Random(20261128);
        var cases = ResponseCase.All.Where(one => one.Body.Length is > 0 and < 8_000).ToArray();
        var reused = new ResponseReader();
        for (var i = 0L; i < Bodies; i++)
        {
            var seed = cases[random.Next(cases.Length)];
            var body = Mangle(random, seed.Body);

            var whole = ResponseReader.Read(body, seed.Origin);
            var inPieces = ReadInPieces(random, body, new ResponseReader(seed.Origin));
            reused.Restart(seed.Origin);
            var again = ReadInPieces(random, body, reused);

            Assert.Null(whole.Usage?.FindProblem());
            Assert.All(whole.OtherParts, part => Assert.Null(part.Usage.FindProblem()));
            Assert.Equal(whole.Completeness == UsageCompleteness.None, whole.Usage is null);
            Assert.Equal(whole with { OtherParts = [] }, inPieces with { OtherParts = [] });
            Assert.Equal(whole.OtherParts, inPieces.OtherParts);
            // Nothing of the bodies before it is left in a reader that has read them.
            Assert.Equal(whole with { OtherParts = [] }, again with { OtherParts = [] });
            Assert.Equal(whole.OtherParts, again.OtherParts);
        }
    }

    private static ResponseUsage ReadInPieces(Random random, byte[] body, ResponseReader reader)
    {
        for (var at = 0; at < body.Length; )
        {
            var length = Math.Min(body.Length - at, 1 + random.Next(random.Next(2) == 0 ? 4 : 400));
            reader.Append(body.AsSpan(at, length));
            at += length;
        }

        return reader.Usage;
    }

    private static byte[] Mangle(Random random, byte[] body)
    {
        var mangled = new List<byte>(body);
        for (var times = random.Next(6); times >= 0; times--)
        {
            var at = random.Next(mangled.Count + 1);
            var length = random.Next(Math.Min(40, mangled.Count - at) + 1);
            switch (random.Next(5))
            {
                case 0:
                    mangled.RemoveRange(at, length);
                    break;
                case 1:
                    mangled.InsertRange(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    mangled.InsertRange(at, mangled.GetRange(at, length));
                    break;
                case 3:
                    mangled.RemoveRange(at, mangled.Count - at);
                    break;
                default:
                    for (var i = at; i < at + length; i++)
                        mangled[i] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. mangled];
    }
}
