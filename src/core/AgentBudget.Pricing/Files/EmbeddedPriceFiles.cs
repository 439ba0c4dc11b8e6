using System.Text;

namespace AgentBudget.Pricing.Files;

/// <summary>The price files inside this assembly.</summary>
internal static class EmbeddedPriceFiles
{
    private const string Folder = "pricing/";

    public static IReadOnlyList<PriceFile> ReadAll()
    {
        var assembly = typeof(EmbeddedPriceFiles).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal));
        return [.. names.Select(name => new PriceFile(name[Folder.Length..], ReadBytes(name)))];
    }

    /// <summary>The newest day on which anything was read, by a look at the text: a program that prices nothing need not load the
    /// table.</summary>
    public static DateOnly NewestDay()
    {
        var newest = default(DateOnly);
        foreach (var file in ReadAll())
        {
            var rest = file.Utf8Json.Span;
            for (int at; (at = rest.IndexOf(Retrieved)) >= 0; rest = rest[(at + Retrieved.Length)..])
            {
                var day = rest.Slice(at + Retrieved.Length, "yyyy-MM-dd".Length);
                if (DateOnly.TryParseExact(Encoding.ASCII.GetString(day), "yyyy-MM-dd", out var read) && read > newest)
                    newest = read;
            }
        }

        return newest;
    }

    private static ReadOnlySpan<byte> Retrieved => "\"retrieved\": \""u8;

    private static byte[] ReadBytes(string name)
    {
        using var stream =
            typeof(EmbeddedPriceFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded price file {name} is listed and cannot be opened.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
