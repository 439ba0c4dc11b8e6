namespace AgentBudget;

/// <summary>Why a call could not be priced. None of these ever means a cost of zero.</summary>
public enum PriceProblem
{
    /// <summary>The call is priced.</summary>
    None = 0,

    /// <summary>No row for this provider, model and time; also a name that could mean several prices.</summary>
    UnknownModel,

    /// <summary>The usage contradicts itself, as <see cref="AgentBudget.TokenUsage.FindProblem"/> says.</summary>
    ImpossibleUsage,

    /// <summary>The call used something that the row has no rate for and that has no parent to inherit from, such as a web
    /// search.</summary>
    UnpricedUnit,

    /// <summary>The cost is beyond <see cref="AgentBudget.Money.MaxAmount"/>.</summary>
    CostTooLarge,

    /// <summary>A worst case was asked for without a cap on the output, and the row does not know the model's own.</summary>
    OutputCapUnknown,

    /// <summary>The response does not say what the call used; that is not a usage of zero.</summary>
    UsageNotSaid,
}
