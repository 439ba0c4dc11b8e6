namespace AgentBudget.Http;

/// <summary>What a request carries for the handlers on its way, and nobody sends.</summary>
internal static class SessionOfRequest
{
    private static readonly HttpRequestOptionsKey<BudgetSession> Session = new("AgentBudget.Session");

    private const string Mark = "AgentBudget.IsPaidFor";

    private static readonly object Paid = true;

    public static BudgetSession? Find(HttpRequestMessage request) => request.Options.TryGetValue(Session, out var session) ? session : null;

    public static void Set(HttpRequestMessage request, BudgetSession session) => request.Options.Set(Session, session);

    /// <summary>Whether a handler further up has set money aside for it.</summary>
    public static bool IsMarked(HttpRequestMessage request) => request.Options.TryGetValue(new HttpRequestOptionsKey<bool>(Mark), out _);

    public static void MarkPaidFor(HttpRequestMessage request) => ((IDictionary<string, object?>)request.Options)[Mark] = Paid;

    public static void Unmark(HttpRequestMessage request) => ((IDictionary<string, object?>)request.Options).Remove(Mark);
}
