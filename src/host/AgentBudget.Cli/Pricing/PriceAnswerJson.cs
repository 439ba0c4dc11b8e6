using System.Buffers;
using System.Text.Json;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Pricing;

/// <summary>Writes the answer to one call as one line of JSON: a cost in dollars with nine decimals, or null and why.</summary>
/// <param name="isStale">Whether the prices are older than they should be, which every answer then says.</param>
internal sealed class PriceAnswerJson(bool isStale) : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(512);

    private readonly Utf8JsonWriter writer = new(Stream.Null, JsonLine.Options);

    /// <summary>The line for a call that was priced or refused, with its line feed; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Of(PricedCall priced)
    {
        Begin();
        if (priced.IsPriced)
            WritePrice(priced);
        else
            WriteProblem(priced);
        if (isStale)
            writer.WriteBoolean("stale", true);
        return End();
    }

    /// <summary>The line for a line that could not be read.</summary>
    public ReadOnlyMemory<byte> OfBadLine(long line, string message)
    {
        Begin();
        writer.WriteNull("usd");
        writer.WriteString("error", "bad_line");
        writer.WriteNumber("line", line);
        writer.WriteString("message", message);
        return End();
    }

    public void Dispose() => writer.Dispose();

    private void WritePrice(PricedCall priced)
    {
        writer.WriteString("usd", priced.Cost.ToDecimalString());
        writer.WriteString("provider", priced.Row!.Provider);
        writer.WriteString("model", priced.Row.Model);
        writer.WriteString("row", priced.RowId);
        writer.WriteString("table", priced.TableVersion);
        if (priced.Warnings == PriceWarnings.None)
            return;
        writer.WriteStartArray("warnings");
        foreach (var warning in Enum.GetValues<PriceWarnings>())
        {
            if (warning != PriceWarnings.None && priced.Warnings.HasFlag(warning))
                writer.WriteStringValue(SnakeCase(warning.ToString()));
        }

        writer.WriteEndArray();
    }

    private void WriteProblem(PricedCall priced)
    {
        writer.WriteNull("usd");
        writer.WriteString("error", SnakeCase(priced.Problem.ToString()));
        writer.WriteString("message", priced.Detail);
        if (priced.Problem == PriceProblem.UnknownModel)
        {
            writer.WriteStartArray("candidates");
            foreach (var candidate in priced.Candidates)
                writer.WriteStringValue(candidate);
            writer.WriteEndArray();
        }

        writer.WriteString("table", priced.TableVersion);
    }

    private void Begin()
    {
        buffer.Clear();
        writer.Reset(buffer);
        writer.WriteStartObject();
    }

    private ReadOnlyMemory<byte> End()
    {
        writer.WriteEndObject();
        writer.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
