using AgentBudget.Pricing.Responses.Wire;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>How one family of APIs writes what it bills. Mostly tables; the arithmetic is what makes counts inclusive.</summary>
/// <remarks>Paths are names with dots between them, <c>[]</c> behind an array, from the response's own object.</remarks>
internal abstract class ResponseShape
{
    /// <summary>The mark of this shape.</summary>
    public abstract WireMarks Mark { get; }

    /// <summary>The provider of responses in this shape where nothing else tells; null where many have it.</summary>
    public virtual string? Provider => null;

    /// <summary>Counts, below the object that holds the usage.</summary>
    public abstract IReadOnlyList<(string Path, WireField Field)> Usage { get; }

    /// <summary>Other values of the response.</summary>
    public virtual IReadOnlyList<(string Path, WireField Field)> Fields => [];

    /// <summary>What only this shape, or only some provider or tool, has; paths below the usage begin with <c>usage.</c></summary>
    public abstract IReadOnlyList<(string Path, WireMarks Mark)> Marks { get; }

    /// <summary>How the elements of arrays are read, each when it closes; paths below the usage begin with <c>usage.</c></summary>
    public virtual IReadOnlyList<(string Path, Action<FieldValues> Read)> Elements => [];

    /// <summary>Where the events of a stream hold generated text.</summary>
    public virtual IReadOnlyList<string> Generated => [];

    /// <summary>The beginnings of the types that only this shape's events have.</summary>
    public virtual IReadOnlyList<string> Types => [];

    /// <summary>The types of the events that end a stream.</summary>
    public virtual IReadOnlyList<string> EndTypes => [];

    /// <summary>Whether <c>[DONE]</c> ends a stream; otherwise it says nothing.</summary>
    public virtual bool EndsWithDone => false;

    /// <summary>Whether a stream ends with the event that says why the model stopped, with usage in it or before it.</summary>
    public virtual bool EndsWithStop => false;

    /// <summary>Whether a stream ends with its usage.</summary>
    public virtual bool EndsWithUsage => false;

    /// <summary>Whether a later event states only the counts that changed; otherwise it states all of them again.</summary>
    public virtual bool StatesCountsSingly => false;

    /// <summary>
    /// Whether the usage says all that it has to: its input, and an output where something was generated. What is left out otherwise is not
    /// known, and not zero.
    /// </summary>
    /// <param name="told">What was said.</param>
    /// <param name="hasText">Whether generated text was seen.</param>
    public virtual bool StatesAll(FieldValues told, bool hasText)
    {
        if (told.Has(WireField.Output))
            return told.Has(WireField.Input);
        var generates = hasText || (told.Marks & WireMarks.Generating) != 0;
        return told.Has(WireField.Input) ? told.Has(WireField.Total) || !generates
            : told.Has(WireField.Total) ? !generates && IsTotalAnInput
            : told.HasAnyOf(WireFields.BesideTokens);
    }

    /// <summary>Whether a total alone is an input, as some state an embedding's.</summary>
    public virtual bool IsTotalAnInput => false;

    /// <summary>The counts as the project means them: inclusive.</summary>
    public abstract TokenUsage ToUsage(FieldValues told);
}
