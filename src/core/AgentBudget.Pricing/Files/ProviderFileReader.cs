using System.Text.Json;
using AgentBudget.Pricing.Names;
using AgentBudget.Pricing.Tables;

namespace AgentBudget.Pricing.Files;

/// <summary>Reads one price file: the facts about a provider and its models.</summary>
internal static class ProviderFileReader
{
    private const string BedrockForm = "bedrock";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a file, adding to the lists what it holds and to the problems what is wrong with it.</summary>
    public static void Read(PriceFile file, List<ProviderFacts> providers, List<ModelPrices> models, ProblemList problems)
    {
        if (file.Utf8Json.Length > PriceFile.MaxBytes)
        {
            problems.Add(file.Name, $"is larger than {PriceFile.MaxBytes} bytes.");
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(ByteOrderMark.Strip(file.Utf8Json), Strict);
            ReadProvider(new JsonObjectReader(document.RootElement, file.Name, problems), providers, models);
        }
        catch (JsonException exception)
        {
            problems.Add(file.Name, $"is not JSON: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            // The document reads text lazily and only then finds half a surrogate pair in it.
            problems.Add(file.Name, "holds text that is not valid Unicode.");
        }
    }

    private static void ReadProvider(JsonObjectReader reader, List<ProviderFacts> providers, List<ModelPrices> models)
    {
        reader.OptionalText("$schema");
        var id = reader.RequiredText("provider");
        if (id is not null && (!NormalizedName.IsNormal(id) || id.Contains('/')))
            reader.Report("\"provider\" must be lower-case ASCII without blanks and slashes.");
        var hasBedrockNames = ReadNameForms(reader);
        var facts = new ProviderFacts
        {
            Id = id ?? "",
            Aliases = ReadNames(reader, "provider_aliases"),
            NamePrefixes = ReadNames(reader, "name_prefixes"),
            FirstParty = reader.OptionalFlag("first_party"),
            SellsAtListPrice = reader.OptionalFlag("sells_at_list_price"),
            FallsBackTo = ReadNames(reader, "falls_back_to"),
            StreamCut = StreamCutReader.Read(reader),
        };
        // For the tool that derives the file; the book asks only whether it is one of those.
        var isDerived = reader.Optional("import") is not null;
        var rules = RuleReader.Read(reader);
        var found = reader
            .Objects("models")
            .Select(model => ReadModel(model, facts.Id, hasBedrockNames, isDerived, rules))
            .OfType<ModelPrices>()
            .ToArray();
        reader.RefuseTheRest();
        if (id is null)
            return;
        providers.Add(facts);
        models.AddRange(found);
    }

    private static bool ReadNameForms(JsonObjectReader reader)
    {
        var forms = reader.TextList("name_forms");
        if (forms.Any(form => form != BedrockForm))
            reader.Report($"\"name_forms\" may hold only \"{BedrockForm}\".");
        return forms.Contains(BedrockForm);
    }

    private static ModelPrices? ReadModel(
        JsonObjectReader reader,
        string provider,
        bool hasBedrockNames,
        bool isDerived,
        IReadOnlyList<ProviderRule> rules
    )
    {
        var id = reader.RequiredText("model");
        if (id is not null && !NormalizedName.IsNormal(id))
            reader.Report("\"model\" must be lower-case ASCII without blanks, and not too long.");
        var aliases = ReadNames(reader, "aliases");
        var dated = ReadNames(reader, "dated_names");
        var cap = reader.OptionalCount("max_output_tokens");
        var isByHand = reader.OptionalText("kept_by_hand") is not null;
        var rows = reader.Objects("rows").Select(row => RowReader.Read(row, provider, id ?? "", cap, rules)).OfType<PriceRow>().ToArray();
        reader.RefuseTheRest();
        if (id is null)
            return null;
        IReadOnlyList<string> names = [id, .. aliases];
        if (dated.Except(names).Any())
            reader.Report("\"dated_names\" may hold only the model's id and aliases.");
        if (rows.Length == 0)
            reader.Report("\"rows\" holds no valid row.");
        foreach (var row in rows)
            row.Names = names;
        return new ModelPrices(rows)
        {
            Provider = provider,
            Model = id,
            Names = names,
            DatedNames = dated,
            HasBedrockNames = hasBedrockNames,
            IsCollected = isDerived && !isByHand,
        };
    }

    private static IReadOnlyList<string> ReadNames(JsonObjectReader reader, string property)
    {
        var names = reader.TextList(property);
        if (!names.All(NormalizedName.IsNormal))
            reader.Report($"\"{property}\" must hold lower-case ASCII names without blanks, and not too long.");
        return names;
    }
}
