using System.CommandLine;
using System.Text;
using AgentBudget.Cli.Pricing;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget price</c>: prices one call given by options, one recorded response, or one call for each line of JSON on
/// standard input.</summary>
internal static class PriceCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "price",
            "Prices one call of a MODEL, or without MODEL one call for each line of JSON on standard input; one line of JSON comes out "
                + "for each."
                + " Exit code of one call: 0 priced, 1 not. Of standard input: 0 when every line is answered, also where the answer is "
                + "an error; look for \"error\" in the answers."
        );
        var options = new PriceOptions();
        options.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var prices = PriceLayers.Load(parsed.GetValue(options.Prices));
                if (parsed.GetValue(options.Response) is { } file)
                    return PriceResponseAsync(parsed, options, prices, file, terminal, cancellationToken);
                if (options.HasAddress(parsed))
                    throw new UsageException("--address goes with --response.");
                return parsed.GetValue(options.Model) is { } model
                    ? Task.FromResult(PriceCall(parsed, options, prices, model, terminal))
                    : PriceLinesAsync(parsed, options, prices, terminal, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> PriceResponseAsync(
        ParseResult parsed,
        PriceOptions options,
        PriceBook prices,
        string file,
        CliTerminal terminal,
        CancellationToken cancellationToken
    )
    {
        if (options.GivenCount(parsed) is { } count)
            throw new UsageException($"{count} goes with a MODEL and not with --response, which says what was used.");
        var at = options.Time(parsed) ?? terminal.Time.GetUtcNow();
        var answer = new PricedResponseFile(prices, options.Origin(parsed), options.Terms(parsed), at);
        var isPriced = await answer.WriteAsync(terminal, file, parsed.GetValue(options.Json), cancellationToken);
        return isPriced ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static async Task<int> PriceLinesAsync(
        ParseResult parsed,
        PriceOptions options,
        PriceBook prices,
        CliTerminal terminal,
        CancellationToken cancellationToken
    )
    {
        if (options.GivenOfACall(parsed) is { } stray)
            throw new UsageException($"{stray} needs a MODEL; without one the calls are read from standard input.");
        if (terminal.IsTyped)
            terminal.ProgressScreen.WriteText("Reads calls, one JSON object a line, until the input ends. See: agentbudget price --help");
        using var stream = new PriceStream(prices, terminal.Time);
        await stream.RunAsync(terminal.OpenInput(), terminal.OpenOutput(), cancellationToken);
        return ExitCodes.Ok;
    }

    private static int PriceCall(ParseResult parsed, PriceOptions options, PriceBook prices, string model, CliTerminal terminal)
    {
        if (string.IsNullOrWhiteSpace(model))
            throw new UsageException("MODEL is empty; write the model's name.");
        if (options.GivenCount(parsed) is null)
            throw new UsageException(
                $"{model} is given without a count, which says nothing of a call; write what it used, such as --input 1000 --output 200."
            );
        var now = terminal.Time.GetUtcNow();
        var at = options.Time(parsed) ?? now;
        var priced = prices.Price(options.Provider(parsed), model, at, options.Usage(parsed), options.Terms(parsed));
        if (terminal.IsForPrograms(parsed.GetValue(options.Json)))
        {
            using var answers = new PriceAnswerJson(prices.IsStale(now));
            terminal.Out.Write(Encoding.UTF8.GetString(answers.Of(priced).Span));
        }
        else
        {
            PriceView.Write(terminal.Screen, priced);
            PriceView.WriteIfNoRegion(terminal.Screen, priced, options.Terms(parsed).Region);
            PriceView.WriteIfStale(terminal.Screen, prices, now);
        }

        return priced.IsPriced ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
