namespace AgentBudget.Client.Calls;

/// <summary>Stands where a call is settled without its result: that it returned nothing is not known.</summary>
internal sealed class NoResult
{
    public static readonly NoResult Said = new();

    private NoResult() { }

    public static object? OrNull(object? result) => result is NoResult ? null : result;
}
