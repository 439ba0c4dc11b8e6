using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentBudget.Cli.Pricing;

/// <summary>Reads a recorded response, prices what it says, and answers with one line of JSON.</summary>
internal sealed class PricedResponseFile(PriceBook prices, ResponseOrigin origin, CallTerms asked, DateTimeOffset at)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers.</summary>
    /// <returns>Whether there is a cost.</returns>
    /// <exception cref="CommandFailedException">There is no such file, or it cannot be read.</exception>
    public async Task<bool> WriteAsync(CliTerminal terminal, string file, CancellationToken cancellationToken)
    {
        var response = await ReadAsync(terminal, file, cancellationToken);
        var priced = prices.Price(response, at, asked);
        using var line = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(line, Options))
            Write(writer, response, priced);
        terminal.Out.WriteLine(Encoding.UTF8.GetString(line.GetBuffer().AsSpan(0, (int)line.Length)));
        return priced.Cost is not null;
    }

    private async Task<ResponseUsage> ReadAsync(CliTerminal terminal, string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = file == "-" ? terminal.OpenInput() : File.OpenRead(file);
            var reader = new ResponseReader(origin);
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await input.ReadAsync(buffer, cancellationToken)) > 0)
                reader.Append(buffer.AsSpan(0, count));
            return reader.Usage;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandFailedException($"--response \"{file}\" cannot be read: {failed.Message}");
        }
    }

    private static void Write(Utf8JsonWriter writer, ResponseUsage response, PricedResponse priced)
    {
        writer.WriteStartObject();
        WriteMoney(writer, "usd", priced.Cost);
        if (priced.Cost is not null)
            writer.WriteString("from", priced.IsProviderCost ? "provider" : "table");
        if (response.ProviderCost is not null)
            WriteMoney(writer, "table_usd", priced.TableCost);
        WriteText(writer, "provider", priced.Priced.Row?.Provider ?? response.Provider);
        WriteText(writer, "model", priced.Priced.Row?.Model ?? response.Model);
        WriteText(writer, "row", priced.Priced.RowId);
        writer.WriteString("table", priced.Priced.TableVersion);
        writer.WriteString("completeness", response.Completeness.ToString().ToLowerInvariant());
        if (response.Usage is { } usage)
        {
            writer.WritePropertyName("usage");
            UsageDimensions.Write(writer, usage);
        }

        WriteText(writer, "service_tier", response.Terms.ServiceTier);
        WriteText(writer, "region", response.Terms.Region);
        WriteText(writer, "speed", response.Terms.Speed);
        WriteOtherParts(writer, response, priced);
        if (priced.TableCost is null)
            WriteProblem(writer, priced);
        writer.WriteEndObject();
    }

    private static void WriteOtherParts(Utf8JsonWriter writer, ResponseUsage response, PricedResponse priced)
    {
        if (response.OtherParts.Count == 0)
            return;
        writer.WriteStartArray("other_parts");
        for (var i = 0; i < response.OtherParts.Count; i++)
        {
            writer.WriteStartObject();
            WriteMoney(writer, "usd", priced.OtherParts[i].IsPriced ? priced.OtherParts[i].Cost : null);
            writer.WriteString("model", response.OtherParts[i].Model);
            writer.WritePropertyName("usage");
            UsageDimensions.Write(writer, response.OtherParts[i].Usage);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteProblem(Utf8JsonWriter writer, PricedResponse priced)
    {
        var problem = priced.Priced.IsPriced ? priced.OtherParts.First(part => !part.IsPriced) : priced.Priced;
        writer.WriteString("error", JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.Problem.ToString()));
        writer.WriteString("message", problem.Detail);
        if (problem.Problem != PriceProblem.UnknownModel)
            return;
        writer.WriteStartArray("candidates");
        foreach (var candidate in problem.Candidates)
            writer.WriteStringValue(candidate);
        writer.WriteEndArray();
    }

    private static void WriteMoney(Utf8JsonWriter writer, string name, Money? money)
    {
        if (money is { } some)
            writer.WriteString(name, some.ToDecimalString());
        else
            writer.WriteNull(name);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
            writer.WriteString(name, text);
    }
}
