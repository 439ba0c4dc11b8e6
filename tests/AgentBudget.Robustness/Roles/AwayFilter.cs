namespace AgentBudget.Robustness.Roles;

/// <summary>Has the grains of a tenant, and of those below it, answer nobody for a while; what was asked meanwhile is heard then.</summary>
internal sealed class AwayFilter : IIncomingGrainCallFilter
{
    /// <summary>The line that makes them go, before the tenant's path.</summary>
    public const string Leave = "away ";

    /// <summary>The line that brings them back.</summary>
    public const string Back = "back";

    private const string TenantType = "agentbudget.tenant";

    private readonly Lock gate = new();
    private string? path;
    private TaskCompletionSource back = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Begin(string tenant)
    {
        lock (gate)
            (path, back) = (tenant, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    public void End()
    {
        lock (gate)
            path = null;
        back.TrySetResult();
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (IsAway(context.TargetId) is { } until)
            await until;
        await context.Invoke();
    }

    private Task? IsAway(GrainId grain)
    {
        if (path is null || grain.Type.ToString() != TenantType)
            return null;
        lock (gate)
            return path is not null && grain.Key.ToString()!.StartsWith(path, StringComparison.Ordinal) ? back.Task : null;
    }
}
