using System.Text;

namespace AgentBudget;

/// <summary>The text of one price file, in the form that <c>pricing/schema.json</c> describes.</summary>
/// <param name="Name">What to call the file in messages: its name, without a folder.</param>
/// <param name="Utf8Json">The content; at most <see cref="MaxBytes"/>.</param>
public sealed record PriceFile(string Name, ReadOnlyMemory<byte> Utf8Json)
{
    /// <summary>The largest file that is read: 16 MiB.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Makes a file from text in memory.</summary>
    public static PriceFile FromText(string name, string json) => new(name, Encoding.UTF8.GetBytes(json));

    /// <summary>The most files that <see cref="ReadAll"/> takes from a folder: 256.</summary>
    public const int MaxFiles = 256;

    /// <summary>Reads a price file, or all <c>*.json</c> of a folder but <c>schema.json</c>; what lies in folders below is not
    /// read.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="IOException">There is no such file or folder, it cannot be read, or it holds too many or too large
    /// files.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IReadOnlyList<PriceFile> ReadAll(string path)
    {
        if (File.Exists(path))
            return [Read(path)];
        var paths = Directory
            .EnumerateFiles(path, "*.json")
            .Where(file => Path.GetFileName(file) != "schema.json")
            .Take(MaxFiles + 1)
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (paths.Length > MaxFiles)
            throw new IOException($"{path} holds more than {MaxFiles} price files.");
        return [.. paths.Select(Read)];
    }

    private static PriceFile Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new IOException($"{path} is larger than {MaxBytes} bytes.");
        return new PriceFile(Path.GetFileName(path), File.ReadAllBytes(path));
    }
}
