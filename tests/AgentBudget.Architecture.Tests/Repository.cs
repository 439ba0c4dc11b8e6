namespace AgentBudget.Architecture.Tests;

/// <summary>The tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = [".git", "bin", "obj", "TestResults", ".agentbudget"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder of the repository, built ones left out, as paths from its root with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern = "*")
    {
        var directory = new DirectoryInfo(Path.Combine(Root, folder));
        return Below(directory, pattern).Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'));
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static IEnumerable<FileInfo> Below(DirectoryInfo directory, string pattern)
    {
        foreach (var file in directory.EnumerateFiles(pattern))
            yield return file;
        foreach (var folder in directory.EnumerateDirectories().Where(folder => !NotOurs.Contains(folder.Name)))
        {
            foreach (var file in Below(folder, pattern))
                yield return file;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AgentBudget.Orleans.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("These tests read the source tree; run them from within the repository.");
    }
}
