using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AgentBudget.Pricing.Files;

/// <summary>Reads the file of tool prices, wholly or not at all.</summary>
internal static class ToolFileReader
{
    /// <summary>The name of the file in a folder of price files.</summary>
    public const string FileName = "tools.json";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static bool TryRead(PriceFile file, [NotNullWhen(true)] out ToolCosts? costs, out IReadOnlyList<string> problems)
    {
        var found = new ProblemList();
        var tools = new Dictionary<string, ToolCost>(StringComparer.OrdinalIgnoreCase);
        try
        {
            using var document = JsonDocument.Parse(ByteOrderMark.Strip(file.Utf8Json), Strict);
            var root = new JsonObjectReader(document.RootElement, file.Name, found);
            root.OptionalText("$schema");
            foreach (var reader in root.Objects("tools"))
                ReadTool(reader, tools);
            root.RefuseTheRest();
        }
        catch (JsonException exception)
        {
            found.Add(file.Name, $"is not JSON: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            found.Add(file.Name, "holds text that is not valid Unicode.");
        }

        problems = found.Problems;
        costs = found.IsEmpty ? new ToolCosts(tools) : null;
        return costs is not null;
    }

    private static void ReadTool(JsonObjectReader reader, Dictionary<string, ToolCost> tools)
    {
        var name = reader.RequiredText("tool")?.Trim();
        var price = reader.RequiredText("usd_per_call");
        reader.OptionalText("note");
        reader.RefuseTheRest();
        if (name is null || price is null)
            return;
        if (name.Length is 0 or > ToolCosts.MaxNameLength)
            reader.Report($"\"tool\" has 1 to {ToolCosts.MaxNameLength} characters.");
        else if (!Money.TryParse(price, out var cost, out var problem))
            reader.Report($"\"usd_per_call\": {problem}");
        else if (!tools.TryAdd(name, ToolCost.Fixed(cost)))
            reader.Report($"the tool \"{name}\" is there twice.");
    }
}
