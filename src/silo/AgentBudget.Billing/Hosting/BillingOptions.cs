namespace AgentBudget;

/// <summary>Which costs go where. Bound to the configuration section <c>AgentBudget:Billing</c> and checked at start. All silos of a
/// cluster must have the same.</summary>
public sealed class BillingOptions
{
    /// <summary>The most exports.</summary>
    public const int MaxExports = 32;

    /// <summary>The exports, each with a name and a place in the feed of its own. Default: none.</summary>
    public IList<BillingExportOptions> Exports { get; set; } = [];

    /// <summary>Whether this silo sends. Default: yes. The same on all silos: an export that lives on one that does not send is sent by
    /// none.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often the feed is looked at, for each export. Default 1 second; 10 milliseconds to 1 minute.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer is waited for. Default 15 seconds; 1 second to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>With how many dead letters an export reads nothing more, which stays in the feed. Default 10,000; 1 to 100,000.</summary>
    public int MaxDeadLetters { get; set; } = 10_000;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        const string section = "AgentBudget:Billing:";
        if (Exports is null)
            throw new ArgumentException($"{section}Exports is null; leave it out for none.");
        if (Exports.Count > MaxExports)
            throw new ArgumentException($"{section}Exports are {Exports.Count}; at most {MaxExports} may be.");
        if (PollInterval < TimeSpan.FromMilliseconds(10) || PollInterval > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"{section}PollInterval must be from 10 milliseconds to 1 minute.");
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"{section}Timeout must be from 1 second to 1 minute.");
        if (MaxDeadLetters is < 1 or > 100_000)
            throw new ArgumentException($"{section}MaxDeadLetters must be from 1 to 100,000.");
        for (var i = 0; i < Exports.Count; i++)
        {
            if (Exports[i] is not { } export)
                throw new ArgumentException($"{section}Exports:{i} is null; take it out.");
            export.Validate();
            if (Exports.Take(i).Any(before => before.Name == export.Name))
                throw new ArgumentException($"{section}Exports has two of the name '{export.Name}'; each has a place of its own under it.");
        }
    }
}
