using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace AgentBudget.Ledger;

/// <summary>
/// Asks the processor for memory that is needed soon, so that many waits for memory become one. A hint: it waits for nothing, and where
/// nothing is at an address, or the collector moves what stands there, nothing happens. The methods that lead to it follow references, and
/// wait for those.
/// </summary>
internal static class Prefetcher
{
    // Bytes that come from memory together.
    private const int LineBytes = 64;

    // Of one array: what is longer is read in a row, which the processor sees by itself.
    private const int MostLines = 32;

    // An array's items follow its type and its length.
    private static readonly int ItemsAt = 2 * nint.Size;

    /// <summary>Whether the processor has such hints. Where it has none, following references for them would only take time.</summary>
    public static bool IsSupported => Sse.IsSupported;

    /// <summary>Fetches the first lines of an object; nothing for null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(object? thing, int lines) => FetchLines(Unsafe.As<object?, nint>(ref thing), lines);

    /// <summary>Fetches lines of an array from an item on; they may lie beyond its ends. Not even the array's length is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(T[] array, int index, int lines)
        where T : unmanaged => FetchLines(Unsafe.As<T[], nint>(ref array) + ItemsAt + ((nint)index * Unsafe.SizeOf<T>()), lines);

    /// <summary>Fetches a small array, whole; of a long one the first lines.</summary>
    public static void FetchAll<T>(T[] array)
        where T : unmanaged
    {
        // Items need not begin where a line does, so they may reach into one line more.
        var lines = (((array.Length * Unsafe.SizeOf<T>()) + LineBytes - 1) / LineBytes) + 1;
        Fetch(array, 0, Math.Min(lines, MostLines));
    }

    // The one use of addresses; nothing is read from them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void FetchLines(nint address, int lines)
    {
        if (!Sse.IsSupported)
            return;
        for (var line = 0; line < lines; line++)
            Sse.Prefetch0((byte*)address + (line * LineBytes));
    }
}
