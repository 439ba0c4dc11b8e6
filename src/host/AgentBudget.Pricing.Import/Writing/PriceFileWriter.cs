using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentBudget.Pricing.Import.Writing;

/// <summary>Writes the models of a price file in one form, one line for each set of rates, so that a change of price is a change of one
/// line.</summary>
internal sealed class PriceFileWriter
{
    private readonly StringBuilder text = new();

    /// <summary>A whole file: the head of the present one, and these models.</summary>
    /// <param name="present">The present file; everything but its models is kept.</param>
    /// <param name="models">The models, in the order in which they are to stand.</param>
    public static string Write(JsonElement present, IEnumerable<ModelEntry> models)
    {
        var writer = new PriceFileWriter();
        writer.text.Append("{\n");
        foreach (var property in present.EnumerateObject().Where(property => property.Name != "models"))
            writer.text.Append(CultureInfo.InvariantCulture, $"  {Quote(property.Name)}: {OneLine(property.Value)},\n");
        writer.text.Append("  \"models\": [");
        writer.List(models, writer.Model);
        writer.text.Append("\n  ]\n}\n");
        return writer.text.ToString();
    }

    private void Model(ModelEntry model)
    {
        if (model.KeptText is { } kept)
        {
            text.Append("\n    ").Append(kept);
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n    {{\n      \"model\": {Quote(model.Model)},\n");
        Names("aliases", model.Aliases);
        Names("dated_names", model.DatedNames);
        if (model.MaxOutputTokens is { } most)
            text.Append(CultureInfo.InvariantCulture, $"      \"max_output_tokens\": {most},\n");
        text.Append("      \"rows\": [");
        List(model.Rows, Row);
        text.Append("\n      ]\n    }");
    }

    private void Names(string property, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"      \"{property}\": [{string.Join(", ", names.Select(Quote))}],\n");
    }

    private void Row(RowEntry row)
    {
        const string indent = "          ";
        var lines = new List<string>();
        if (row.From is { } from)
            lines.Add($"\"from\": \"{Moment(from)}\"");
        if (row.Until is { } until)
            lines.Add($"\"until\": \"{Moment(until)}\"");
        if (row.Window is { } window)
            lines.Add(
                FormattableString.Invariant(
                    $"\"daily_window_utc\": {{ \"start\": \"{window.Start:HH:mm}\", \"end\": \"{window.End:HH:mm}\"{Days(window)} }}"
                )
            );
        lines.AddRange(Sheet(row.Standard, indent, row.TiersIncludeThreshold));
        if (row.MinWebSearches > 0)
            lines.Add(FormattableString.Invariant($"\"min_web_searches\": {row.MinWebSearches}"));
        lines.AddRange(row.Others.Select(other => $"{Quote(other.Key)}: {other.Value}"));
        if (row.ServiceTiers.Count > 0)
            lines.Add(ServiceTiers(row));
        if (row.Regions.Count > 0)
            lines.Add(
                $"\"region_multipliers\": {{ "
                    + $"{string.Join(", ", row.Regions.Select(region => $"{Quote(region.Key)}: \"{Usd(region.Value)}\""))} }}"
            );
        lines.Add($"\"source\": {Quote(row.Source)}");
        lines.Add(FormattableString.Invariant($"\"retrieved\": \"{row.Retrieved:yyyy-MM-dd}\""));
        if (row.Note is { } note)
            lines.Add($"\"note\": {Quote(note)}");
        text.Append("\n        {\n").Append(indent).AppendJoin($",\n{indent}", lines).Append("\n        }");
    }

    private static string Days(DailyWindow window)
    {
        var days = Enum.GetValues<Weekdays>()
            .Where(day => day != Weekdays.None && window.Days.HasFlag(day))
            .Select(day => Quote(day.ToString().ToLowerInvariant()));
        return window.Days == Weekdays.None ? "" : $", \"days\": [{string.Join(", ", days)}]";
    }

    private static string ServiceTiers(RowEntry row)
    {
        const string indent = "              ";
        var tiers = row.ServiceTiers.Select(tier =>
            $"\n            {Quote(tier.Key)}: "
            + $"{{\n{indent}{string.Join($",\n{indent}", Sheet(tier.Value, indent, row.TiersIncludeThreshold))}\n            }}"
        );
        return $"\"service_tiers\": {{{string.Join(',', tiers)}\n          }}";
    }

    private static IEnumerable<string> Sheet(RateSheet sheet, string indent, bool includesThreshold)
    {
        foreach (var line in Rates(sheet.Rates))
            yield return line;
        if (sheet.Tiers.Count == 0)
            yield break;
        var flag = includesThreshold ? ", \"includes_threshold\": true" : "";
        var tiers = sheet.Tiers.Select(tier =>
            FormattableString.Invariant(
                $"\n{indent}  {{ \"threshold_input_tokens\": {tier.Key}{flag}, {string.Join(", ", Rates(tier.Value))} }}"
            )
        );
        yield return $"\"context_tiers\": [{string.Join(',', tiers)}\n{indent}]";
    }

    private static IEnumerable<string> Rates(SortedDictionary<RateDimension, decimal> rates)
    {
        foreach (var unit in Enum.GetValues<RateUnit>())
        {
            var stated = rates.Where(rate => RateDimensions.Of(rate.Key).Unit == unit).Select(Rate).ToArray();
            if (stated.Length > 0)
                yield return $"\"{RateDimensions.ObjectOf(unit)}\": {{ {string.Join(", ", stated)} }}";
        }
    }

    private static string Rate(KeyValuePair<RateDimension, decimal> rate) =>
        $"\"{RateDimensions.Of(rate.Key).Name}\": \"{Usd(rate.Value)}\"";

    private void List<T>(IEnumerable<T> entries, Action<T> write)
    {
        var isFirst = true;
        foreach (var entry in entries)
        {
            if (!isFirst)
                text.Append(',');
            isFirst = false;
            write(entry);
        }
    }

    private static string Moment(DateTimeOffset moment) =>
        moment.ToString(moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Usd(decimal usd) => usd.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) => JsonSerializer.Serialize(text, Relaxed);

    /// <summary>A value in the form of these files.</summary>
    public static string OneLine(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(OneLine))}]",
            JsonValueKind.Object => $"{{ {string.Join(", ", value.EnumerateObject().Select(OneLine))} }}",
            _ => value.GetRawText(),
        };

    private static string OneLine(JsonProperty property) => $"{Quote(property.Name)}: {OneLine(property.Value)}";

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
