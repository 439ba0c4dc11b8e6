using System.Globalization;
using System.Text;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// Makes sure that one process at a time writes a ledger: the operating system holds a lock on a file beside it, and lets go of it when
/// the process dies, however it dies.
/// </summary>
internal sealed class LedgerFileLock : IDisposable
{
    // What the system says when somebody else holds the lock: a sharing violation, or EWOULDBLOCK.
    private const int TakenOnWindows = unchecked((int)0x80070020);
    private const int TakenOnLinux = 11;
    private const int TakenOnMac = 35;

    private readonly FileStream stream;

    private LedgerFileLock(FileStream stream) => this.stream = stream;

    /// <exception cref="LedgerStoreUnavailableException">Another process holds it, or the folder cannot be written.</exception>
    public static LedgerFileLock Take(string filePath)
    {
        var lockPath = filePath + ".lock";
        FileStream? stream = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(filePath)!);
            // Outside Windows only FileShare.None locks exclusively; with any other, a second writer gets in.
            stream = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            stream.SetLength(0);
            stream.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            stream.Flush();
            return new LedgerFileLock(stream);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new LedgerStoreUnavailableException(
                $"The ledger {filePath} is read-only; make the file and its folder writable.",
                exception
            );
        }
        catch (IOException exception)
        {
            var isTaken = stream is null && exception.HResult is TakenOnWindows or TakenOnLinux or TakenOnMac;
            Close(stream);
            throw new LedgerStoreUnavailableException(
                isTaken
                    ? $"The ledger {filePath} is in use by another process, whose id is in {lockPath}; stop that one, or give this one a "
                        + "folder of its own."
                    : $"The ledger {filePath} cannot be locked for writing: {exception.Message} Check the disk, and that the folder may "
                        + "be written.",
                exception
            );
        }
    }

    /// <summary>Whether a process holds it.</summary>
    public static bool IsTaken(string filePath)
    {
        if (!File.Exists(filePath + ".lock"))
            return false;
        try
        {
            // For a moment it is held here, but shared.
            using var probe = new FileStream(filePath + ".lock", FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    public void Dispose() => stream.Dispose();

    private static void Close(FileStream? stream)
    {
        try
        {
            stream?.Dispose();
        }
        catch (IOException)
        {
            // What could not be written the first time is flushed again; the file is closed all the same.
        }
    }
}
