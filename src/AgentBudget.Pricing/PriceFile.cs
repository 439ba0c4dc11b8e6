using System.Text;

namespace AgentBudget.Pricing;

/// <summary>The text of one price file, in the form that <c>pricing/schema.json</c> describes.</summary>
/// <param name="Name">What to call the file in messages: its name, without a folder.</param>
/// <param name="Utf8Json">The content; at most <see cref="MaxBytes"/>.</param>
public sealed record PriceFile(string Name, ReadOnlyMemory<byte> Utf8Json)
{
    /// <summary>The largest file that is read: 16 MiB.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Makes a file from text in memory.</summary>
    public static PriceFile FromText(string name, string json) => new(name, Encoding.UTF8.GetBytes(json));
}
