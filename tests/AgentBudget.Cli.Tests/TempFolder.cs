namespace AgentBudget.Cli.Tests;

/// <summary>A folder of one test's own, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agentbudget-test-").FullName;

    /// <summary>The address of a ledger in it.</summary>
    public string Store => "sqlite:" + System.IO.Path.Combine(Path, "ledger");

    public string File(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
