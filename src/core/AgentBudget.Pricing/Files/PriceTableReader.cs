using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentBudget.Pricing.Tables;

namespace AgentBudget.Pricing.Files;

/// <summary>Reads a set of price files as one layer, wholly or not at all.</summary>
internal static class PriceTableReader
{
    private const int VersionHashLength = 12;

    /// <summary>Reads and checks the files.</summary>
    /// <param name="files">The files, in any order.</param>
    /// <param name="table">The layer; null when there are problems.</param>
    /// <param name="problems">What is wrong; empty on success.</param>
    public static bool TryRead(IEnumerable<PriceFile> files, [NotNullWhen(true)] out PriceTable? table, out IReadOnlyList<string> problems)
    {
        var found = new ProblemList();
        var providers = new List<ProviderFacts>();
        var models = new List<ModelPrices>();
        var ordered = files.OrderBy(file => file.Name, StringComparer.Ordinal).ToArray();
        foreach (var part in ReadEach(ordered))
        {
            providers.AddRange(part.Providers);
            models.AddRange(part.Models);
            found.AddAll(part.Problems);
        }

        TableChecks.Run(providers, models, found);
        problems = found.Problems;
        table = found.IsEmpty ? Assemble(ordered, providers, models) : null;
        return table is not null;
    }

    /// <summary>A version: the day of the newest row, then the beginning of a hash of everything that was read.</summary>
    public static string VersionOf(DateOnly newestRow, byte[] sha256) =>
        string.Create(CultureInfo.InvariantCulture, $"{newestRow:yyyy-MM-dd}.{Convert.ToHexStringLower(sha256)[..VersionHashLength]}");

    // Files do not depend on each other, and the first call of a process waits for the table.
    private static Part[] ReadEach(PriceFile[] files)
    {
        var parts = new Part[files.Length];
        Parallel.For(
            0,
            files.Length,
            index =>
            {
                var part = new Part([], [], new ProblemList());
                ProviderFileReader.Read(files[index], part.Providers, part.Models, part.Problems);
                parts[index] = part;
            }
        );
        return parts;
    }

    private sealed record Part(List<ProviderFacts> Providers, List<ModelPrices> Models, ProblemList Problems);

    private static PriceTable Assemble(PriceFile[] files, List<ProviderFacts> providers, List<ModelPrices> models)
    {
        var newest = models.SelectMany(model => model.Rows).Select(row => row.Retrieved).DefaultIfEmpty().Max();
        return new PriceTable(providers, models, VersionOf(newest, HashOf(files)), newest);
    }

    private static byte[] HashOf(PriceFile[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            // The lengths keep the end of one file from passing for the beginning of the next.
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.Name}\n{file.Utf8Json.Length}\n")));
            hash.AppendData(file.Utf8Json.Span);
        }

        return hash.GetHashAndReset();
    }
}
