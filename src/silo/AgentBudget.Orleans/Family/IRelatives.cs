namespace AgentBudget.Orleans.Family;

/// <summary>The other sessions of a family, as a protocol reaches them.</summary>
internal interface IRelatives
{
    /// <summary>Asks a parent or child something that only sessions ask of each other.</summary>
    /// <exception cref="BudgetUnavailableException">Nothing is known of whether it has happened.</exception>
    Task<T> AskAsync<T>(string sessionId, Func<ISessionFamily, Task<T>> question);

    /// <summary>Charges a session, as anybody could.</summary>
    /// <exception cref="BudgetUnavailableException">Nothing is known of whether it has happened.</exception>
    Task<SessionAnswer> ChargeAsync(string sessionId, ChargeCommand command);
}
