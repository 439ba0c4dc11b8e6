using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentBudget.Cli.Pricing;

/// <summary>Writes the answer to one call as one line of JSON: a cost in dollars with nine decimals, or null and why.</summary>
/// <param name="isStale">Whether the prices are older than they should be, which every answer then says.</param>
internal sealed class PriceAnswerJson(bool isStale) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    // Model names come from outside, and what is not ASCII stays readable; JSON's own rules keep the line one line.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _writer = new(Stream.Null, WriterOptions);

    /// <summary>The line for a call that was priced or refused, with its line feed; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Of(PricedCall priced)
    {
        Begin();
        if (priced.IsPriced)
            WritePrice(priced);
        else
            WriteProblem(priced);
        if (isStale)
            _writer.WriteBoolean("stale", true);
        return End();
    }

    /// <summary>The line for a line that could not be read.</summary>
    public ReadOnlyMemory<byte> OfBadLine(long line, string message)
    {
        Begin();
        _writer.WriteNull("usd");
        _writer.WriteString("error", "bad_line");
        _writer.WriteNumber("line", line);
        _writer.WriteString("message", message);
        return End();
    }

    public void Dispose() => _writer.Dispose();

    private void WritePrice(PricedCall priced)
    {
        _writer.WriteString("usd", priced.Cost.ToDecimalString());
        _writer.WriteString("provider", priced.Row!.Provider);
        _writer.WriteString("model", priced.Row.Model);
        _writer.WriteString("row", priced.RowId);
        _writer.WriteString("table", priced.TableVersion);
        if (priced.Warnings == PriceWarnings.None)
            return;
        _writer.WriteStartArray("warnings");
        foreach (var warning in Enum.GetValues<PriceWarnings>())
        {
            if (warning != PriceWarnings.None && priced.Warnings.HasFlag(warning))
                _writer.WriteStringValue(SnakeCase(warning.ToString()));
        }

        _writer.WriteEndArray();
    }

    private void WriteProblem(PricedCall priced)
    {
        _writer.WriteNull("usd");
        _writer.WriteString("error", SnakeCase(priced.Problem.ToString()));
        _writer.WriteString("message", priced.Detail);
        if (priced.Problem == PriceProblem.UnknownModel)
        {
            _writer.WriteStartArray("candidates");
            foreach (var candidate in priced.Candidates)
                _writer.WriteStringValue(candidate);
            _writer.WriteEndArray();
        }

        _writer.WriteString("table", priced.TableVersion);
    }

    private void Begin()
    {
        _buffer.Clear();
        _writer.Reset(_buffer);
        _writer.WriteStartObject();
    }

    private ReadOnlyMemory<byte> End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        _buffer.Write("\n"u8);
        return _buffer.WrittenMemory;
    }

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
