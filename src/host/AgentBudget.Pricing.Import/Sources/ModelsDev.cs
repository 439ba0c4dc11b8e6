using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>models.dev, one TOML file a model: US dollars per million tokens under <c>[cost]</c>, tiers under
/// <c>[[cost.tiers]]</c>.</summary>
internal sealed partial class ModelsDev : ISource
{
    private static readonly Dictionary<string, RateDimension> Keys = new()
    {
        ["input"] = RateDimension.Input,
        ["output"] = RateDimension.Output,
        ["cache_read"] = RateDimension.CacheRead,
        ["cache_write"] = RateDimension.CacheWrite,
        ["reasoning"] = RateDimension.Reasoning,
        ["input_audio"] = RateDimension.InputAudio,
        ["output_audio"] = RateDimension.OutputAudio,
    };

    private readonly Dictionary<(string Folder, string Name), Statement> statements = [];

    public ModelsDev(string folder, string commit, DateOnly retrieved)
    {
        Day = retrieved;
        foreach (var path in Directory.EnumerateFiles(folder, "*.toml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var parts = Path.GetRelativePath(folder, path).Replace('\\', '/').Split('/', 3);
            if (parts is not [var provider, "models", var file])
                continue;
            var address = $"https://github.com/anomalyco/models.dev/blob/{commit}/providers/{provider}/models/{file}";
            var name = file[..^".toml".Length].ToLowerInvariant();
            if (Read(File.ReadLines(path), name, address, retrieved) is { } statement)
                statements[(provider, name)] = statement;
        }
    }

    public DateOnly Day { get; }

    public IEnumerable<string> NamesAt(ProviderMapping provider) =>
        statements.Keys.Where(key => provider.ModelsDev.Contains(key.Folder)).Select(key => key.Name);

    public Statement? Find(ProviderMapping provider, string name) =>
        provider.ModelsDev.Select(folder => statements.GetValueOrDefault((folder, name))).FirstOrDefault(found => found is not null);

    // The few forms that these files use: tables, and keys with a number.
    private static Statement? Read(IEnumerable<string> lines, string name, string address, DateOnly retrieved)
    {
        var sheet = new RateSheet();
        var table = "";
        long threshold = 0;
        long? most = null;
        foreach (var line in lines.Select(line => line.Trim()))
        {
            if (line.StartsWith('['))
                table = line.Trim('[', ']');
            else if (table == "cost.tiers" && TierSize().Match(line) is { Success: true } size)
                threshold = (long)Number(size.Groups[1].Value);
            else if (KeyAndNumber().Match(line) is { Success: true } pair)
                Take(table, pair.Groups[1].Value, Number(pair.Groups[2].Value));
        }

        // A model without an output rate here is an embedding or a fee that these files do not hold.
        if (sheet[RateDimension.Input] is null || sheet[RateDimension.Output] is null)
            return null;
        return new Statement
        {
            Source = "models.dev",
            Group = $"models.dev:{name}",
            Rows = [new StatedRow { Standard = sheet }],
            MaxOutputTokens = most,
            Address = address,
            Retrieved = retrieved,
        };

        void Take(string inTable, string key, decimal number)
        {
            if (inTable == "limit" && key == "output" && number >= 1)
                most = (long)number;
            if (!Keys.TryGetValue(key, out var dimension))
                return;
            if (inTable == "cost")
                sheet.Set(dimension, number);
            else if (inTable == "cost.tiers" && threshold > 0)
                sheet.SetTier(threshold, dimension, number);
        }
    }

    private static decimal Number(string text) =>
        decimal.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^tier\s*=.*\bsize\s*=\s*([0-9_]+)")]
    private static partial Regex TierSize();

    [GeneratedRegex(@"^([a-z_]+)\s*=\s*([0-9][0-9_.]*)\s*(#.*)?$")]
    private static partial Regex KeyAndNumber();
}
