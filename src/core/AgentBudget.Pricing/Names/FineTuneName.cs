namespace AgentBudget.Pricing.Names;

/// <summary>Names of fine-tuned models, <c>ft:base:organisation:suffix:id</c>.</summary>
internal static class FineTuneName
{
    private const string Mark = "ft:";

    /// <summary>
    /// Keeps <c>ft:base</c> and drops who made it; any other name stays whole. The mark stays, so that a fine-tuned model is priced by
    /// a row of its own or not at all, and never as its base.
    /// </summary>
    public static ReadOnlySpan<char> WithoutOwner(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith(Mark))
            return name;
        var owner = name[Mark.Length..].IndexOf(':');
        return owner < 0 ? name : name[..(Mark.Length + owner)];
    }
}
