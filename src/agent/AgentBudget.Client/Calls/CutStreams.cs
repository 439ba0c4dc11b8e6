namespace AgentBudget;

/// <summary>What a stream counts as that was cut or cancelled before its provider said what it used.</summary>
public enum CutStreams
{
    /// <summary>
    /// The most that it can have used: what was seen and what can have been generated unseen until the cut and for the second that it takes
    /// to notice it, where it was cut on this side, and the price table says that its provider then stops; elsewhere all that was set
    /// aside.
    /// </summary>
    MostPossible = 0,

    /// <summary>
    /// What was seen of it alone, of every provider: its input, and its text at a token a byte. Thoughts that were not shown, and what was
    /// generated after the cut, are billed and not counted, so that sessions can spend more than their budget says.
    /// </summary>
    SeenText = 1,
}
