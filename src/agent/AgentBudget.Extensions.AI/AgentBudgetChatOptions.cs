namespace AgentBudget;

/// <summary>How calls by a chat client are budgeted.</summary>
public sealed class AgentBudgetChatOptions
{
    /// <summary>The provider, by the price table's id; null (default) finds it by the client's address and the model's name.</summary>
    public string? Provider { get; set; }

    /// <summary>Whether the cap on a call's output is lowered, or set where there is none, so that the call fits into what is left.
    /// Default: yes; otherwise a call that does not fit whole is refused.</summary>
    public bool Clamps { get; set; } = true;

    /// <summary>The fewest tokens of output that a call is worth clamping to; below that it is refused. Default 256; 1 to
    /// 1,000,000.</summary>
    public long LeastOutputTokens { get; set; } = 256;

    /// <summary>The most tokens that a model is taken to give at once where neither the call nor the price table says. Default 131,072;
    /// 1 to 10,000,000.</summary>
    public long LargestOutputTokens { get; set; } = 131_072;

    /// <summary>The most tokens that a picture in a message is taken for. Default 5,000; 0 to 1,000,000.</summary>
    public long TokensPerPicture { get; set; } = 5_000;

    /// <summary>The most tokens that a call is taken for on top of its messages where it goes on from what the provider keeps: a
    /// conversation, a file. Default 32,000; 0 to 10,000,000.</summary>
    public long TokensOfKeptContext { get; set; } = 32_000;

    /// <summary>How many searches a call is taken for that may search the web by itself. Default 5; 0 to 1,000.</summary>
    public long Searches { get; set; } = 5;

    /// <summary>
    /// At which share of the budget the model is told what is left, in a line behind the messages; null for never. Default 0.9, which is
    /// also a session's own soft limit; above 0, up to 1.
    /// </summary>
    public decimal? TellsFrom { get; set; } = 0.9m;

    /// <summary>Whether the model is told before each call from then on. Default: once in a session.</summary>
    public bool TellsBeforeEachCall { get; set; }

    /// <summary>
    /// Whether an exhausted budget brings one last answer, without tools and from the session's finalization reserve, before calls are
    /// refused: one for all clients of the session, wherever they run, until its budget is raised. What came is told by
    /// <c>GetBudgetStop</c> of the response. Default: yes; it needs a <see cref="BudgetSessionOptions.FinalizationReserve"/>.
    /// </summary>
    public bool GivesLastAnswer { get; set; } = true;

    /// <summary>
    /// How many tokens of output a stream has money for at first, and is given more as it goes on; where there is no more it ends in order,
    /// before it would exceed. Many streams that end soon then run side by side on what one alone could use; one that goes on has money for
    /// what its provider can have generated in its time, shown or not. Null (default): a stream has money for its whole cap, which alone is
    /// never settled below what was billed. 256 to 1,000,000.
    /// </summary>
    public long? StreamStepTokens { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Within(LeastOutputTokens, 1, 1_000_000, nameof(LeastOutputTokens));
        Within(LargestOutputTokens, 1, 10_000_000, nameof(LargestOutputTokens));
        Within(TokensPerPicture, 0, 1_000_000, nameof(TokensPerPicture));
        Within(TokensOfKeptContext, 0, 10_000_000, nameof(TokensOfKeptContext));
        Within(Searches, 0, 1_000, nameof(Searches));
        if (TellsFrom is <= 0 or > 1)
            throw new ArgumentException("TellsFrom must be above 0 and up to 1; null for never.");
        if (StreamStepTokens is { } step)
            Within(step, 256, 1_000_000, nameof(StreamStepTokens));
    }

    private static void Within(long value, long least, long most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{name} must be from {least} to {most}.");
    }
}
