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
