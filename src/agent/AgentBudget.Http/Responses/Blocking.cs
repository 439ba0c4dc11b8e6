namespace AgentBudget.Http.Responses;

/// <summary>Waits for what has no way but asynchronous, on behalf of a caller that has none.</summary>
internal static class Blocking
{
    public static T Wait<T>(Func<Task<T>> run) => Task.Run(run).GetAwaiter().GetResult();

    public static void Wait(Func<Task> run) => Task.Run(run).GetAwaiter().GetResult();
}
