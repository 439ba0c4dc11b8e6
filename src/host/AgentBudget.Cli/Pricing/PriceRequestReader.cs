using System.Text.Json;

namespace AgentBudget.Cli.Pricing;

/// <summary>
/// Reads one line of JSON as a call to be priced. Strict about what decides the cost: a count that is misspelt or no whole number is
/// refused, and never taken for zero. Other properties of the line are the caller's own and are ignored.
/// </summary>
internal static class PriceRequestReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = BadJson.MaxDepth };

    /// <summary>Reads a line.</summary>
    /// <exception cref="BadRequestException">The line is not a call.</exception>
    public static PriceRequest Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            throw new BadRequestException(BadJson.Describe(line));
        }
        catch (InvalidOperationException)
        {
            // Text is decoded only when it is asked for, and may then hold half a character.
            throw new BadRequestException("The line holds text that is not valid Unicode.");
        }
    }

    private static PriceRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new BadRequestException("The line is not a JSON object.");
        var model = OptionalText(root, "model");
        if (string.IsNullOrWhiteSpace(model))
            throw new BadRequestException("\"model\" is missing; write the model's name.");
        var usage = ReadUsage(root);
        if (usage.FindProblem() is { } problem)
            throw new BadRequestException(problem);
        var terms = new CallTerms(OptionalText(root, "service_tier"), OptionalText(root, "region")) { Speed = OptionalText(root, "speed") };
        return new PriceRequest(OptionalText(root, "provider"), model, ReadTime(root), terms, usage);
    }

    private static TokenUsage ReadUsage(JsonElement root)
    {
        if (!root.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
            throw new BadRequestException("\"usage\" is missing; write an object with the counts.");
        var read = default(TokenUsage);
        foreach (var property in usage.EnumerateObject())
        {
            var row =
                UsageDimensions.Find(property.Name)
                ?? throw new BadRequestException(
                    $"\"{property.Name}\" is not a known count of \"usage\"; known are {UsageDimensions.Names}."
                );
            read = read.With(row.Dimension, Count(property));
        }

        return read;
    }

    private static long Count(JsonProperty property) =>
        property.Value switch
        {
            { ValueKind: JsonValueKind.Null } => 0,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var count) => count,
            _ => throw new BadRequestException($"\"{property.Name}\" must be a whole number, zero or more."),
        };

    private static DateTimeOffset? ReadTime(JsonElement root)
    {
        if (OptionalText(root, "at") is not { } text)
            return null;
        return IsoTime.TryParse(text, out var time)
            ? time
            : throw new BadRequestException("\"at\" must be an ISO 8601 time such as \"2026-08-01T12:00:00Z\", or null for now.");
    }

    private static string? OptionalText(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new BadRequestException($"\"{name}\" must be text or null.");
    }
}
