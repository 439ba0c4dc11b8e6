using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentBudget.Pricing.Names;

/// <summary>
/// Trimmed and lower-cased names, without allocating. Names are ASCII: folding other letters would let a look-alike such as the
/// Kelvin sign pass for a known model.
/// </summary>
internal static class NormalizedName
{
    /// <summary>The longest name, after trimming, that can be in the table.</summary>
    public const int MaxLength = PriceBook.MaxModelNameLength;

    // Trimming looks at every blank, so the raw text needs a bound too.
    private const int MaxRawLength = 4 * MaxLength;

    /// <summary>Writes the normal form of a name.</summary>
    /// <param name="text">Any text, also null.</param>
    /// <param name="buffer">As long as the text, or at least <see cref="MaxLength"/> characters.</param>
    /// <param name="length">The length of the normal form; zero when there is none.</param>
    /// <returns>False when no row can have this name: it is blank, too long, or not ASCII.</returns>
    public static bool TryWrite(string? text, Span<char> buffer, out int length)
    {
        length = 0;
        if (text is null || text.Length > MaxRawLength)
            return false;
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty || trimmed.Length > MaxLength)
            return false;
        return Ascii.ToLower(trimmed, buffer, out length) == OperationStatus.Done;
    }

    /// <summary>Whether a caller's text is its own normal form already, as most are, so that nothing has to be written.</summary>
    public static bool IsNormal([NotNullWhen(true)] string? text, out ReadOnlySpan<char> name)
    {
        name = text;
        if (name.IsEmpty || name.Length > MaxLength)
            return false;
        // The library's range search boxes each character until the runtime has optimized it, and this is the path of every call.
        foreach (var character in name)
        {
            if (character is < '!' or > '~' or (>= 'A' and <= 'Z'))
                return false;
        }

        return true;
    }

    /// <summary>Whether a name of a price file is in normal form: visible ASCII, lower case, not too long.</summary>
    public static bool IsNormal(string name) =>
        name.Length is > 0 and <= MaxLength
        && !name.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !name.AsSpan().ContainsAnyInRange('A', 'Z');
}
