using System.Text.Json;
using AgentBudget.Pricing.Files;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>The price files that an update goes on from: for each provider that of the folder, or the embedded one where the folder has
/// none or an older one.</summary>
internal static class PresentFiles
{
    /// <summary>Reads them, in the order of their names.</summary>
    public static IReadOnlyList<PriceFile> Read(string folder)
    {
        var files = EmbeddedPriceFiles.ReadAll().ToDictionary(file => file.Name, StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (var file in PriceFile.ReadAll(folder).Where(file => file.Name != ToolFileReader.FileName))
            {
                if (!files.TryGetValue(file.Name, out var embedded) || IsToStay(file, embedded))
                    files[file.Name] = file;
            }
        }

        return [.. files.Values.OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    // What somebody wrote by hand stays; of what was derived, the newer one is right, such as that of a newer release.
    private static bool IsToStay(PriceFile file, PriceFile embedded)
    {
        var (day, isByHand) = NewestDay(file);
        return isByHand || string.CompareOrdinal(day, NewestDay(embedded).Day) >= 0;
    }

    private static (string Day, bool IsByHand) NewestDay(PriceFile file)
    {
        using var document = Parse(file);
        var root = document.RootElement;
        var models = root.TryGetProperty("models", out var list) ? list.EnumerateArray().ToArray() : [];
        var days = models
            .Where(model => model.TryGetProperty("rows", out _))
            .SelectMany(model => model.GetProperty("rows").EnumerateArray())
            .Select(row => row.TryGetProperty("retrieved", out var day) ? day.GetString() ?? "" : "");
        var isByHand = !root.TryGetProperty("import", out _) || models.Any(model => model.TryGetProperty("kept_by_hand", out _));
        return (days.Max(StringComparer.Ordinal) ?? "", isByHand);
    }

    /// <summary>The JSON of a file.</summary>
    /// <exception cref="PriceUpdateException">It is none.</exception>
    public static JsonDocument Parse(PriceFile file)
    {
        try
        {
            return JsonDocument.Parse(file.Utf8Json);
        }
        catch (JsonException exception)
        {
            throw new PriceUpdateException($"{file.Name}: is not JSON: {exception.Message} Nothing was changed.", exception);
        }
    }
}
