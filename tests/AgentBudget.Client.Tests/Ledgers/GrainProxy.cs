using System.Reflection;

namespace AgentBudget.Client.Tests.Ledgers;

/// <summary>Stands between a client and its session grains, and lets a script decide what becomes of each call.</summary>
public class GrainProxy : DispatchProxy
{
    private static readonly MethodInfo Run = typeof(GrainProxy).GetMethod(
        nameof(RunAsync),
        BindingFlags.NonPublic | BindingFlags.Instance
    )!;

    private object? inner;
    private GrainScript script = new();

    /// <summary>A factory whose sessions follow the script.</summary>
    /// <param name="grains">The real one; null when the script answers everything by itself.</param>
    /// <param name="script">The script.</param>
    public static IGrainFactory Around(IGrainFactory? grains, GrainScript script) => Make<IGrainFactory>(grains, script);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        if (inner is IGrainFactory or null && method.Name == nameof(IGrainFactory.GetGrain))
            return Make<IBudgetSession>(inner is null ? null : method.Invoke(inner, args), script);
        if (!method.ReturnType.IsGenericType)
            return method.Invoke(inner, args);
        return Run.MakeGenericMethod(method.ReturnType.GenericTypeArguments).Invoke(this, [method, args]);
    }

    private static T Make<T>(object? inner, GrainScript script)
        where T : class
    {
        var made = Create<T, GrainProxy>();
        var proxy = (GrainProxy)(object)made;
        (proxy.inner, proxy.script) = (inner, script);
        return made;
    }

    private async Task<T> RunAsync<T>(MethodInfo method, object?[] args)
    {
        var call = new GrainCall(
            method.Name,
            args is [var first, ..] ? first : null,
            async () => await (Task<T>)method.Invoke(inner, args)!
        );
        return (T)(await script.AnswerAsync(call))!;
    }
}

/// <summary>A call on its way to a session.</summary>
/// <param name="Method">The grain's method.</param>
/// <param name="Command">What it carries.</param>
/// <param name="ForwardAsync">Makes the call.</param>
public sealed record GrainCall(string Method, object? Command, Func<Task<object?>> ForwardAsync);
