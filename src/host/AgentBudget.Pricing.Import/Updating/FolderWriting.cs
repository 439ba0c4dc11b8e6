using System.Text;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>Writes price files into a folder that others read, and that another update may want to write.</summary>
internal static class FolderWriting
{
    /// <summary>A file that who writes has open; whoever ends lets go of it, and the file stays.</summary>
    public const string LockName = ".update.lock";

    private const string Unfinished = ".new";

    /// <summary>Writes each file beside its place first, and then moves all into their places.</summary>
    /// <returns>How many were written.</returns>
    /// <exception cref="PriceUpdateException">Another update is writing.</exception>
    public static int Write(string folder, IReadOnlyList<ProviderChange> files)
    {
        Directory.CreateDirectory(folder);
        using var lockFile = OpenLock(folder);
        // What somebody who was killed left behind.
        foreach (var left in Directory.EnumerateFiles(folder, $"*.json*{Unfinished}"))
            File.Delete(left);
        var written = new List<(string New, string Path)>();
        try
        {
            foreach (var file in files)
            {
                // A name of its own, so that nobody ever moves what another one has not finished, where locks do not hold.
                var beside = $"{file.Path}.{Path.GetRandomFileName()}{Unfinished}";
                written.Add((beside, file.Path));
                WriteThrough(beside, file.Text);
            }

            foreach (var (beside, path) in written)
                File.Move(beside, path, overwrite: true);
            return written.Count;
        }
        finally
        {
            foreach (var (beside, _) in written)
                File.Delete(beside);
        }
    }

    private static FileStream OpenLock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new PriceUpdateException(
                $"Another update is writing {folder} ({exception.Message.TrimEnd('.')}). Nothing was changed; try again.",
                exception
            );
        }
    }

    private static void WriteThrough(string path, string text)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }
}
