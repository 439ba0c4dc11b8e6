using System.CommandLine;
using System.Globalization;
using AgentBudget.Cli.Pricing;

namespace AgentBudget.Cli.Commands;

/// <summary>The options of <c>agentbudget price</c>, and what they say.</summary>
internal sealed class PriceOptions
{
    private static readonly string[] Schemes = ["https", "http", "wss", "ws"];

    private readonly Option<string> provider = Named("--provider", "NAME", "The provider. Default: found by the model's name.");
    private readonly Option<string> at = Named("--at", "TIME", "When the call was made, in ISO 8601. Default: now.");

    private readonly Option<string> serviceTier = Named("--service-tier", "NAME", "batch, flex, priority or another of the provider's.");

    private readonly Option<string> region = Named("--region", "NAME", "The region that the provider was told to keep the call in.");
    private readonly Option<string> speed = Named("--speed", "NAME", "fast or another of the provider's. Default: its standard speed.");

    private readonly Option<string> address = Named(
        "--address",
        "URL",
        "The address that the response came from: tells the provider, and model and region where they stand in it."
    );

    private readonly (UsageDimension Dimension, Option<string> Option)[] counts =
    [
        .. UsageDimensions.All.Select(row => (row.Dimension, Named($"--{row.Name.Replace('_', '-')}", "N", row.Meaning))),
    ];

    public Argument<string?> Model { get; } = new("MODEL") { Description = "The model's name.", Arity = ArgumentArity.ZeroOrOne };

    public Option<string> Response { get; } =
        Named(
            "--response",
            "FILE",
            "A provider's response, JSON or server-sent events, \"-\" for standard input: prices what it says, and says how complete "
                + "that is."
        );

    public Option<bool> Json { get; } =
        new("--json")
        {
            Description =
                "Answer with a line of JSON in a terminal, too, where one call or response is asked for; elsewhere it is one anyway.",
        };

    public Option<string> Prices { get; } = PriceLayers.Option();

    public void AddTo(Command command)
    {
        command.Add(Model);
        Option[] options = [provider, at, serviceTier, region, speed, Response, address, Json, Prices];
        foreach (var option in options.Concat(counts.Select(count => count.Option)))
            command.Add(option);
    }

    /// <summary>The option that says how much was used, where there is one.</summary>
    public string? GivenCount(ParseResult parsed) => Given(parsed, counts.Select(count => count.Option));

    /// <summary>The option that speaks of one call, where there is one.</summary>
    public string? GivenOfACall(ParseResult parsed) => GivenCount(parsed) ?? Given(parsed, [provider, at, serviceTier, region, speed]);

    /// <summary>Whether an address is given.</summary>
    public bool HasAddress(ParseResult parsed) => parsed.GetResult(address) is not null;

    public string? Provider(ParseResult parsed) => Text(parsed, provider);

    public CallTerms Terms(ParseResult parsed) => new(Text(parsed, serviceTier), Text(parsed, region)) { Speed = Text(parsed, speed) };

    /// <summary>When the call was made; null for now.</summary>
    public DateTimeOffset? Time(ParseResult parsed)
    {
        if (parsed.GetValue(at) is not { } text)
            return null;
        return IsoTime.TryParse(text, out var time)
            ? time
            : throw new UsageException($"--at \"{text}\" is not an ISO 8601 time such as 2026-08-01T12:00:00Z.");
    }

    public TokenUsage Usage(ParseResult parsed)
    {
        var usage = default(TokenUsage);
        foreach (var (dimension, option) in counts)
        {
            if (parsed.GetValue(option) is not { } text)
                continue;
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                throw new UsageException($"{option.Name} \"{text}\" must be a whole number, zero or more.");
            usage = usage.With(dimension, value);
        }

        return usage.FindProblem() is { } problem ? throw new UsageException(problem) : usage;
    }

    /// <summary>Where a response came from, as far as it is said.</summary>
    public ResponseOrigin Origin(ParseResult parsed)
    {
        var origin = parsed.GetValue(address) is { } text ? OriginOf(text) : default;
        return origin with { Provider = Text(parsed, provider) ?? origin.Provider, Model = parsed.GetValue(Model) ?? origin.Model };
    }

    // One that tells nothing is misspelt, or somebody's own gateway: ignored, it would leave the provider to what the response looks like.
    private static ResponseOrigin OriginOf(string text)
    {
        var isAddress = Uri.TryCreate(
            text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text,
            UriKind.Absolute,
            out var address
        );
        if (!isAddress || !Schemes.Contains(address!.Scheme))
            throw new UsageException($"--address \"{text}\" is not an address such as https://api.openai.com/v1/responses.");
        var origin = ResponseOrigin.Of(address);
        return origin.Provider is not null
            ? origin
            : throw new UsageException(
                $"--address \"{text}\" tells nothing: \"{address.Host}\" is the host of no provider that is known; write the address that "
                    + "was called, such as https://api.openai.com/v1/responses, or --provider NAME instead."
            );
    }

    // An empty one is a variable that was not set, and says nothing of the call.
    private static string? Text(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is { } text && string.IsNullOrWhiteSpace(text)
            ? throw new UsageException($"{option.Name} is empty; write its value, or leave it out.")
            : parsed.GetValue(option);

    private static string? Given(ParseResult parsed, IEnumerable<Option> options) =>
        options.FirstOrDefault(option => parsed.GetResult(option) is not null)?.Name;

    private static Option<string> Named(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
