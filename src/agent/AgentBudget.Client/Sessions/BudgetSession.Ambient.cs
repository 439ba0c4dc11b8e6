using AgentBudget.Client.Sessions;

namespace AgentBudget;

// The session that code down the line finds without being handed it.
public sealed partial class BudgetSession
{
    private static readonly AsyncLocal<BudgetSession?> Ambient = new();

    /// <summary>
    /// The session that was entered last in this flow of execution, for code that is not handed one; null for none. It flows into what is
    /// awaited and started, not into timers and readers of channels that were made elsewhere; into a grain that is called, where
    /// <see cref="AgentBudgetServiceCollectionExtensions.AddAgentBudgetSessionFlow"/> was asked for on both sides.
    /// </summary>
    public static BudgetSession? Current => Ambient.Value;

    /// <summary>Makes this the <see cref="Current"/> session of the flow of execution, until the answer is disposed.</summary>
    public IDisposable Enter()
    {
        var outer = Ambient.Value;
        Ambient.Value = this;
        return new EnteredSession(outer, static session => Ambient.Value = session);
    }
}
