namespace AgentBudget.Server.Tests.Deployment;

/// <summary>The tree that these tests were built from.</summary>
internal static class SourceTree
{
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root(), path));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AgentBudget.Orleans.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("These tests read the source tree; run them from within the repository.");
    }
}
