using System.Text.Json;
using AgentBudget.Pricing.Import.Comparing;
using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>A price file that says where its provider stands in the collections.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Root">Its JSON.</param>
/// <param name="Import">Where its provider stands.</param>
/// <param name="Models">Its models.</param>
internal sealed record ImportableFile(string Name, JsonElement Root, ProviderMapping Import, IReadOnlyList<FlatModel> Models)
{
    /// <summary>The provider's id.</summary>
    public string Provider => Root.GetProperty("provider").GetString()!;

    /// <summary>Reads one; null for a file that says nothing of collections, and is left alone.</summary>
    /// <exception cref="PriceUpdateException">It is not valid.</exception>
    public static ImportableFile? Read(PriceFile file)
    {
        if (!PriceBook.TryParse([file], out _, out var problems))
            throw new PriceUpdateException($"{string.Join(" ", problems)} Nothing was changed.");
        // Not disposed of: its elements live as long as the update does.
        var root = PresentFiles.Parse(file).RootElement;
        return ProviderMapping.Of(root) is { } import ? new ImportableFile(file.Name, root, import, FlatModel.ReadAll(root)) : null;
    }
}
