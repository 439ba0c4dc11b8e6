using System.Text.Json;
using AgentBudget.Pricing.Files;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>The price files that an update goes on from: those of the folder over the embedded ones, of each model the newer.</summary>
internal static class PresentFiles
{
    /// <summary>Reads them, in the order of their names.</summary>
    public static IReadOnlyList<PriceFile> Read(string folder)
    {
        var files = EmbeddedPriceFiles.ReadAll().ToDictionary(file => file.Name, StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (var file in PriceFile.ReadAll(folder).Where(file => file.Name != ToolFileReader.FileName))
                files[file.Name] = files.TryGetValue(file.Name, out var shipped) ? ShippedModels.Under(file, shipped) : file;
        }

        return [.. files.Values.OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    /// <summary>The JSON of a file.</summary>
    /// <exception cref="PriceUpdateException">It is none.</exception>
    public static JsonDocument Parse(PriceFile file)
    {
        try
        {
            return JsonDocument.Parse(ByteOrderMark.Strip(file.Utf8Json));
        }
        catch (JsonException exception)
        {
            throw new PriceUpdateException($"{file.Name}: is not JSON: {exception.Message} Nothing was changed.", exception);
        }
    }
}
