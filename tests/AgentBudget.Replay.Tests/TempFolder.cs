namespace AgentBudget.Replay.Tests;

/// <summary>A folder of one test's own, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agentbudget-test-").FullName;

    public string File(string name, params IEnumerable<string> lines)
    {
        var file = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllText(file, string.Join('\n', lines));
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
