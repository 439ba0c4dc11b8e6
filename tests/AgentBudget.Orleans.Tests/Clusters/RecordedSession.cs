using System.Reflection;

namespace AgentBudget.Orleans.Tests.Clusters;

/// <summary>A session that does nothing and remembers which commands it was sent.</summary>
public class RecordedSession : DispatchProxy
{
    private readonly List<Type> commands = [];

    /// <summary>The commands that an operation sends, when it is asked once.</summary>
    internal static IReadOnlyList<Type> CommandsOf(Operation operation)
    {
        var session = Create<IBudgetSession, RecordedSession>();
        _ = operation.SendAsync(session, "key");
        return ((RecordedSession)(object)session).commands;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        commands.AddRange(args!.OfType<SessionCommand>().Select(command => command.GetType()));
        return Task.FromResult(new SessionAnswer());
    }
}
