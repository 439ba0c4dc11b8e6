namespace AgentBudget.Tests;

/// <summary>A folder of one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-embedded-");

    public string Path => folder.FullName;

    public string Within(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => folder.Delete(recursive: true);
}
