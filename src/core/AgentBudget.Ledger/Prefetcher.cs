using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace AgentBudget.Ledger;

/// <summary>
/// Asks the processor for memory that is needed soon, so that many waits for memory become one. A hint: it waits for nothing, and where a
/// place is nowhere, or the collector moves what stands there, nothing happens. On processors without it nothing is done.
/// </summary>
internal static class Prefetcher
{
    /// <summary>Bytes that come from memory together.</summary>
    public const int LineBytes = 64;

    /// <summary>Fetches the first lines of an object, or of the array's head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch(object? thing, int lines)
    {
        if (!Sse.IsSupported)
            return;
        // The reference is the address; nothing is read from it here.
        var address = (byte*)Unsafe.As<object?, nint>(ref thing);
        for (var line = 0; line < lines; line++)
            Sse.Prefetch0(address + (line * LineBytes));
    }

    /// <summary>Fetches lines of an array from an item on; they may lie beyond its ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(T[] array, int index, int lines)
        where T : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        var address = (byte*)Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), index));
        for (var line = 0; line < lines; line++)
            Sse.Prefetch0(address + (line * LineBytes));
    }

    /// <summary>Fetches a small array, whole.</summary>
    public static void FetchAll<T>(T[] array)
        where T : unmanaged => Fetch(array, 0, ((array.Length * Unsafe.SizeOf<T>()) + LineBytes - 1) / LineBytes);
}
