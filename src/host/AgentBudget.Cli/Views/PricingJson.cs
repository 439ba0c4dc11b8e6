using System.Text.Encodings.Web;
using System.Text.Json;
using AgentBudget.Pricing.Import;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Cli.Views;

/// <summary>What was found of price files, and what an import would change, as JSON on one line each.</summary>
internal static class PricingJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Good(int files, PriceBook book, IEnumerable<string> oddities) =>
        JsonSerializer.Serialize(
            new
            {
                IsGood = true,
                Files = files,
                Providers = book.Rows.Select(row => row.Provider).Distinct().Count(),
                Models = book.Rows.Select(row => (row.Provider, row.Model)).Distinct().Count(),
                Rows = book.Rows.Count,
                book.Version,
                Warnings = oddities,
                Problems = Array.Empty<string>(),
            },
            Options
        );

    public static string Bad(int files, IEnumerable<string> problems) =>
        JsonSerializer.Serialize(
            new
            {
                IsGood = false,
                Files = files,
                Problems = problems,
            },
            Options
        );

    public static string Of(PriceUpdate update, string folder, int? written) =>
        JsonSerializer.Serialize(
            new
            {
                Folder = folder,
                update.HasChanges,
                FilesWritten = written ?? 0,
                Version = written is null ? null : update.Version,
                Providers = update
                    .Providers.Where(provider => provider.Changes.Count > 0)
                    .Select(provider => new
                    {
                        provider.Provider,
                        provider.Models,
                        provider.Changes,
                    }),
                Refused = update.Refused.Select(refused => refused.Reason),
                update.NotTaken,
            },
            Options
        );

    public static string Of(ProviderChange change) =>
        JsonSerializer.Serialize(
            new
            {
                change.Provider,
                change.Models,
                change.Changes,
                change.KeptByHand,
                Refused = change.Refused.Select(refused => refused.Reason),
            },
            Options
        );
}
