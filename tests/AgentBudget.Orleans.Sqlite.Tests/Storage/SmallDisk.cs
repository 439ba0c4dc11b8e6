using System.Runtime.InteropServices;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>A file system of a megabyte in memory, to fill up.</summary>
internal sealed partial class SmallDisk : IDisposable
{
    private const int Detach = 2;
    private const ulong Remount = 32;

    private readonly string path;

    private SmallDisk(string path) => this.path = path;

    /// <summary>Mounts one; null where that is not possible or not allowed.</summary>
    public static SmallDisk? TryMount(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Directory.CreateDirectory(path);
        return Mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 ? new SmallDisk(path) : null;
    }

    /// <summary>Makes it sixteen times as large.</summary>
    public void MakeRoom() => Assert.Equal(0, Mount("tmpfs", path, "tmpfs", Remount, "size=16m"));

    public void Dispose() => Unmount(path, Detach);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, ulong flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
