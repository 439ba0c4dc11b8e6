namespace AgentBudget.Billing.Tests;

/// <summary>A request, or an answer behind one without a body, as a vendor's documentation has it, filled with the costs of <see
/// cref="Costs"/>: a file beside the test, with the addresses that it was read at and the day.</summary>
/// <param name="Line">Method and path.</param>
/// <param name="Headers">Headers that there must be.</param>
/// <param name="Body">The body, to the byte.</param>
internal sealed record Shape(string Line, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static Shape Read(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Sinks", file));
        Assert.Contains(lines, line => line.StartsWith("# https://", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("# Read on 20", StringComparison.Ordinal));
        var rest = lines.SkipWhile(line => line.StartsWith('#')).ToArray();
        var headers = rest.Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Split(": ", 2)).ToArray();
        return new Shape(
            rest[0],
            headers.ToDictionary(header => header[0], header => header[1]),
            string.Join('\n', rest.Skip(2 + headers.Length)).TrimEnd('\n')
        );
    }

    public void AssertIs(SentRequest sent)
    {
        AssertIsAsked(sent);
        Assert.Equal(Body, sent.Body);
    }

    /// <summary>Where the body is what is answered.</summary>
    public void AssertIsAsked(SentRequest sent)
    {
        Assert.Equal(Line, sent.Line);
        Assert.All(Headers, header => Assert.Equal(header.Value, sent.Headers[header.Key]));
    }
}
