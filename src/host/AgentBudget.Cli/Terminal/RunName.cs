namespace AgentBudget.Cli.Terminal;

/// <summary>What a recorded run is called on a screen.</summary>
internal static class RunName
{
    /// <summary>The name of its file, which may hold anything but a slash, without its ending.</summary>
    public static string Of(string file) => PlainText.Of(Path.GetFileNameWithoutExtension(file));
}
