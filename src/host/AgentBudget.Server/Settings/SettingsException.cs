namespace AgentBudget.Server.Settings;

/// <summary>The server cannot start with its settings. The message names each that is wrong and the mend, one a line.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>What is wrong, each with the setting's name and the mend.</summary>
    public IReadOnlyList<string> Problems => problems;
}
