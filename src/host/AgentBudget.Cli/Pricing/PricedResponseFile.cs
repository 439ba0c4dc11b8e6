using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Pricing;

/// <summary>Reads a recorded response and prices what it says.</summary>
internal sealed class PricedResponseFile(PriceBook prices, ResponseOrigin origin, CallTerms asked, DateTimeOffset at)
{
    /// <summary>Answers: for a person who looks on a few lines, for a program with one line of JSON.</summary>
    /// <returns>Whether there is a cost.</returns>
    /// <exception cref="CommandFailedException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="UsageException">It is something else than a response.</exception>
    public async Task<bool> WriteAsync(CliTerminal terminal, string file, bool isJson, CancellationToken cancellationToken)
    {
        var response = await ReadAsync(terminal, file, cancellationToken);
        var priced = prices.Price(response, at, asked);
        var now = terminal.Time.GetUtcNow();
        if (terminal.IsForPrograms(isJson))
        {
            terminal.Out.WriteLine(ResponsePriceJson.Write(response, priced, prices.IsStale(now)));
        }
        else
        {
            ResponsePriceView.Write(terminal.Screen, response, priced);
            PriceView.WriteIfStale(terminal.Screen, prices, now);
        }

        return priced.Cost is not null;
    }

    private async Task<ResponseUsage> ReadAsync(CliTerminal terminal, string file, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(file))
            throw new UsageException("--response is empty; name the file of one response, or write \"-\" for standard input.");
        if (Directory.Exists(file))
            throw new CommandFailedException($"--response \"{file}\" is a folder; name the file of one response.");
        try
        {
            await using var input = file == "-" ? terminal.OpenInput() : File.OpenRead(file);
            var reader = new ResponseReader(origin);
            var other = new NoResponse();
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await input.ReadAsync(buffer, cancellationToken)) > 0)
            {
                reader.Append(buffer.AsSpan(0, count));
                other.Append(buffer.AsSpan(0, count));
            }

            // An editor takes off the blank line that ends the last event of a recording.
            reader.Append("\n\n"u8);
            var response = reader.Usage;
            return response.Completeness == UsageCompleteness.None && other.Describe() is { } what
                ? throw new UsageException($"--response \"{file}\" {what}")
                : response;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"--response \"{file}\" cannot be read: {failed.Message}");
        }
    }
}
