using System.Text.Json;
using System.Text.Json.Nodes;
using AgentBudget.Pricing.Import.Writing;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>
/// A file of the folder with what the program itself brings of the same provider: of each model, the newer. An update writes whole files,
/// so that what it wrote once would otherwise stand for ever before the rows of a later release that no collection states.
/// </summary>
internal static class ShippedModels
{
    /// <summary>The file of the folder, with shipped models where those are newer.</summary>
    /// <param name="own">The file of the folder. One that says nothing of collections is somebody's own, and stays as it is.</param>
    /// <param name="shipped">The embedded file of that name.</param>
    public static PriceFile Under(PriceFile own, PriceFile shipped)
    {
        // One that is wrong is told by whoever reads it next.
        if (!PriceBook.TryParse([own], out _, out _))
            return own;
        // Not disposed of: what is written is cut out of them.
        var (ownRoot, shippedRoot) = (PresentFiles.Parse(own).RootElement, PresentFiles.Parse(shipped).RootElement);
        if (!ownRoot.TryGetProperty("import", out _))
            return own;
        var reasons = ModelsOf(shippedRoot, isShipped: true, []).Where(model => model.Reason is not null).ToArray();
        var all = ModelsOf(ownRoot, isShipped: false, reasons).Concat(ModelsOf(shippedRoot, isShipped: true, []));
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var chosen = new List<Present>();
        foreach (var model in all.OrderBy(model => model.Rank).ThenByDescending(model => model.Day, StringComparer.Ordinal))
        {
            var left = Array.FindAll(model.Names, name => !taken.Contains(name));
            if (left.Length > 0)
                chosen.Add(model with { Names = left });
            taken.UnionWith(left);
        }

        var hasNewerHead = string.CompareOrdinal(HeadDay(shippedRoot), HeadDay(ownRoot)) > 0;
        if (!hasNewerHead && !chosen.Exists(model => model.IsShipped))
            return own;
        var entries = chosen.Select(Entry).OrderBy(entry => entry.Model, StringComparer.Ordinal);
        return PriceFile.FromText(own.Name, PriceFileWriter.Write(hasNewerHead ? shippedRoot : ownRoot, entries));
    }

    private static IEnumerable<Present> ModelsOf(JsonElement root, bool isShipped, Present[] shippedByHand)
    {
        var models = root.TryGetProperty("models", out var list) ? list.EnumerateArray().ToArray() : [];
        foreach (var model in models)
        {
            var reason = model.TryGetProperty("kept_by_hand", out var kept) ? kept.GetString() : null;
            string[] names = [model.GetProperty("model").GetString()!, .. Texts(model, "aliases")];
            var isCopy = Array.Exists(shippedByHand, other => other.Reason == reason && other.Names.Any(names.Contains));
            // What somebody wrote by hand stays; what a release keeps by hand, it keeps from the collections.
            var rank =
                reason is null ? 2
                : isShipped || isCopy ? 1
                : 0;
            yield return new Present(model, names, DayOf(model), reason, rank, isShipped);
        }
    }

    private static string DayOf(JsonElement model) =>
        model.GetProperty("rows").EnumerateArray().Select(row => Text(row, "retrieved")).Max(StringComparer.Ordinal) ?? "";

    // The head's rules, and what becomes of a stream, have days of their own.
    private static string HeadDay(JsonElement root)
    {
        var rules = root.TryGetProperty("rules", out var list) ? list.EnumerateArray().Select(rule => Text(rule, "retrieved")) : [];
        var cut = root.TryGetProperty("stream_cut", out var stated) ? Text(stated, "retrieved") : "";
        return rules.Append(cut).Max(StringComparer.Ordinal)!;
    }

    private static ModelEntry Entry(Present model)
    {
        var (id, others) = (model.Names[0], model.Names[1..]);
        var names = Texts(model.Element, "aliases").Count() + 1;
        if (model.Names.Length == names)
            return new ModelEntry { Model = id, KeptText = model.Element.GetRawText() };
        var left = JsonNode.Parse(model.Element.GetRawText())!.AsObject();
        left["model"] = id;
        left["aliases"] = NamesAmong(others, others);
        left["dated_names"] = NamesAmong(Texts(model.Element, "dated_names"), model.Names);
        return new ModelEntry { Model = id, KeptText = left.ToJsonString() };
    }

    private static JsonArray NamesAmong(IEnumerable<string> names, string[] left) =>
        [.. names.Where(left.Contains).Select(name => JsonValue.Create(name))];

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(text => text.GetString()!) : [];

    private sealed record Present(JsonElement Element, string[] Names, string Day, string? Reason, int Rank, bool IsShipped);
}
