namespace AgentBudget.Client.Hosting;

/// <summary>
/// Carries the current session across grain calls: its id goes with the request, and the grain that is called finds the session as the
/// current one. Calls of the ledger's own grains carry nothing.
/// </summary>
internal sealed class SessionFlow(IServiceProvider services) : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
{
    private const string SessionKey = "agentbudget.session";
    private const string ChildKey = "agentbudget.child";

    // The client is made of the grain factory, which calls pass by: it is asked for when it is needed.
    private AgentBudgetClient? client;

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var isOurs = context.InterfaceMethod.DeclaringType?.Assembly == typeof(IBudgetSession).Assembly;
        if (isOurs || BudgetSession.Current is not { } session)
        {
            await context.Invoke();
            return;
        }

        var (outerSession, outerChild) = (RequestContext.Get(SessionKey), RequestContext.Get(ChildKey));
        Set(SessionKey, session.Id);
        Set(ChildKey, session.Child);
        try
        {
            await context.Invoke();
        }
        finally
        {
            Set(SessionKey, outerSession);
            Set(ChildKey, outerChild);
        }
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (
            RequestContext.Get(SessionKey) is not string id
            || context.InterfaceMethod.DeclaringType?.Assembly == typeof(IBudgetSession).Assembly
        )
        {
            await context.Invoke();
            return;
        }

        client ??= (AgentBudgetClient)services.GetService(typeof(AgentBudgetClient))!;
        // Not disposed: what the grain goes on with behind this call may still use it, and nothing of it outlives that.
        using (client.Take(id, RequestContext.Get(ChildKey) as string, callbacks: null, unknownModels: null).Enter())
            await context.Invoke();
    }

    private static void Set(string key, object? value)
    {
        if (value is null)
            RequestContext.Remove(key);
        else
            RequestContext.Set(key, value);
    }
}
