using System.Globalization;
using System.Text;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// Makes sure that one process at a time writes a ledger: the operating system holds a lock on a file beside it, and lets go of it when
/// the process dies, however it dies.
/// </summary>
internal sealed class LedgerFileLock : IDisposable
{
    private readonly FileStream stream;

    private LedgerFileLock(FileStream stream) => this.stream = stream;

    /// <exception cref="LedgerStoreUnavailableException">Another process holds it, or the folder cannot be written.</exception>
    public static LedgerFileLock Take(string filePath)
    {
        var lockPath = filePath + ".lock";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(filePath)!);
            // Outside Windows only FileShare.None locks exclusively; with any other, a second writer gets in.
            var stream = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            stream.SetLength(0);
            stream.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            stream.Flush();
            return new LedgerFileLock(stream);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new LedgerStoreUnavailableException($"The ledger {filePath} is read-only; make the file and its folder writable.", exception);
        }
        catch (IOException exception)
        {
            throw Explain(filePath, lockPath, exception);
        }
    }

    public void Dispose() => stream.Dispose();

    private static LedgerStoreUnavailableException Explain(string filePath, string lockPath, IOException exception)
    {
        if (!File.Exists(lockPath))
            return new LedgerStoreUnavailableException($"The ledger {filePath} cannot be made: {exception.Message}", exception);
        return new LedgerStoreUnavailableException(
            $"The ledger {filePath} is in use by another process, whose id is in {lockPath}; stop that one, or give this one a folder of its own.", exception);
    }
}
