using System.CommandLine;
using System.Globalization;
using System.Text;
using AgentBudget.Cli.Pricing;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget price</c>: prices one call given by options, or one call for each line of JSON on standard input.</summary>
internal static class PriceCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "price",
            "Prices one call of a MODEL, or without MODEL one call for each line of JSON on standard input; one line of JSON comes out for each."
                + " Exit code of one call: 0 priced, 1 not. Of standard input: 0 when every line is answered, also where the answer is an error; look for \"error\" in the answers."
        );
        var model = new Argument<string?>("MODEL") { Description = "The model's name.", Arity = ArgumentArity.ZeroOrOne };
        var provider = new Option<string>("--provider")
        {
            HelpName = "NAME",
            Description = "The provider. Default: found by the model's name.",
        };
        var at = new Option<string>("--at") { HelpName = "TIME", Description = "When the call was made, in ISO 8601. Default: now." };
        var serviceTier = new Option<string>("--service-tier")
        {
            HelpName = "NAME",
            Description = "batch, flex, priority or another of the provider's.",
        };
        var region = new Option<string>("--region")
        {
            HelpName = "NAME",
            Description = "The region that the provider was told to keep the call in.",
        };
        var response = new Option<string>("--response")
        {
            HelpName = "FILE",
            Description =
                "A provider's response, JSON or server-sent events, \"-\" for standard input: prices what it says, and says how complete that is.",
        };
        var address = new Option<string>("--address")
        {
            HelpName = "URL",
            Description = "The address that the response came from: tells the provider, and model and region where they stand in it.",
        };
        var json = new Option<bool>("--json")
        {
            Description = "Answer with a line of JSON in a terminal, too, where one call or response is asked for.",
        };
        var prices = PriceLayers.Option();
        var counts = UsageDimensions
            .All.Select(row => new Option<string>($"--{row.Name.Replace('_', '-')}") { HelpName = "N", Description = row.Meaning })
            .ToArray();
        command.Add(model);
        foreach (var option in new Option[] { provider, at, serviceTier, region, response, address, json, prices }.Concat(counts))
            command.Add(option);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var book = PriceLayers.Load(parsed.GetValue(prices));
                if (parsed.GetValue(response) is { } file)
                {
                    if (counts.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } count)
                        throw new UsageException($"{count.Name} goes with a MODEL and not with --response, which says what was used.");
                    var terms = new CallTerms(parsed.GetValue(serviceTier), parsed.GetValue(region));
                    var origin = Origin(parsed.GetValue(address), parsed.GetValue(provider), parsed.GetValue(model));
                    var answer = new PricedResponseFile(book, origin, terms, Time(parsed.GetValue(at)) ?? terminal.Time.GetUtcNow());
                    return await answer.WriteAsync(terminal, file, parsed.GetValue(json), cancellationToken)
                        ? ExitCodes.Ok
                        : ExitCodes.Failed;
                }

                if (parsed.GetResult(address) is not null)
                    throw new UsageException("--address goes with --response.");
                if (parsed.GetValue(model) is not { } name)
                {
                    var stray = counts
                        .Append(provider)
                        .Append(at)
                        .Append(serviceTier)
                        .Append(region)
                        .FirstOrDefault(option => parsed.GetResult(option) is not null);
                    if (stray is not null)
                        throw new UsageException($"{stray.Name} needs a MODEL; without one the calls are read from standard input.");
                    if (terminal.IsTyped)
                        terminal.ProgressScreen.WriteText(
                            "Reads calls, one JSON object a line, until the input ends. See: agentbudget price --help"
                        );
                    using var stream = new PriceStream(book, terminal.Time);
                    await stream.RunAsync(terminal.OpenInput(), terminal.OpenOutput(), cancellationToken);
                    return ExitCodes.Ok;
                }

                if (string.IsNullOrWhiteSpace(name))
                    throw new UsageException("MODEL is empty; write the model's name.");
                if (counts.All(option => parsed.GetResult(option) is null))
                    throw new UsageException(
                        $"{name} is given without a count, which says nothing of a call; write what it used, such as --input 1000 --output 200."
                    );
                var usage = Usage([.. counts.Select(option => (option.Name, parsed.GetValue(option)))]);
                var asked = new CallTerms(parsed.GetValue(serviceTier), parsed.GetValue(region));
                var time = Time(parsed.GetValue(at)) ?? terminal.Time.GetUtcNow();
                var priced = book.Price(parsed.GetValue(provider), name, time, usage, asked);
                if (parsed.GetValue(json))
                {
                    using var answers = new PriceAnswerJson(book.IsStale(terminal.Time.GetUtcNow()));
                    terminal.Out.Write(Encoding.UTF8.GetString(answers.Of(priced).Span));
                }
                else
                {
                    PriceView.Write(terminal.Screen, priced);
                    PriceView.WriteIfStale(terminal.Screen, book, terminal.Time.GetUtcNow());
                }

                return priced.IsPriced ? ExitCodes.Ok : ExitCodes.Failed;
            }
        );
        return command;
    }

    private static TokenUsage Usage((string Option, string? Text)[] counts)
    {
        var usage = default(TokenUsage);
        for (var i = 0; i < counts.Length; i++)
        {
            var (option, text) = counts[i];
            if (text is null)
                continue;
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                throw new UsageException($"{option} \"{text}\" must be a whole number, zero or more.");
            usage = usage.With((UsageDimension)i, value);
        }

        return usage.FindProblem() is { } problem ? throw new UsageException(problem) : usage;
    }

    private static ResponseOrigin Origin(string? address, string? provider, string? model)
    {
        var origin = default(ResponseOrigin);
        if (address is not null)
        {
            if (
                !Uri.TryCreate(
                    address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address,
                    UriKind.Absolute,
                    out var uri
                )
            )
                throw new UsageException($"--address \"{address}\" is not an address such as https://api.openai.com/v1/responses.");
            origin = ResponseOrigin.Of(uri);
        }

        return origin with
        {
            Provider = provider ?? origin.Provider,
            Model = model ?? origin.Model,
        };
    }

    private static DateTimeOffset? Time(string? text)
    {
        if (text is null)
            return null;
        return IsoTime.TryParse(text, out var time)
            ? time
            : throw new UsageException($"--at \"{text}\" is not an ISO 8601 time such as 2026-08-01T12:00:00Z.");
    }
}
