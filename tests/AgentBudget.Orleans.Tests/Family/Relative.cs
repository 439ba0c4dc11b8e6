using System.Reflection;
using AgentBudget.Orleans.Family;

namespace AgentBudget.Orleans.Tests.Family;

/// <summary>Parent and children of a session, all in one: it takes down what it is asked, and answers what the test says.</summary>
internal sealed class Relative : IRelatives
{
    private readonly List<string> asked = [];

    /// <summary>What it was asked, and of whom, in order.</summary>
    public IReadOnlyList<string> Asked => asked;

    public bool IsAway { get; set; }

    public SessionAnswer Answer { get; set; } = new();

    public SealAnswer Seal { get; set; } = new() { IsSealed = true, Breakdown = Breakdown.Empty };

    public Entry[] Carves { get; set; } = [];

    public Task<T> AskAsync<T>(string sessionId, Func<ISessionFamily, Task<T>> question)
    {
        if (IsAway)
            throw new BudgetUnavailableException();
        asked.Add(sessionId);
        return question(RelativeProxy.Of(this));
    }

    public Task<SessionAnswer> ChargeAsync(string sessionId, ChargeCommand command)
    {
        asked.Add(sessionId);
        return Told($"charge {command.Cost} {command.Key}", Answer);
    }

    public Task<SessionAnswer> OpenCarvedAsync(OpenCommand command) =>
        Told($"open {command.Options.Budget} of carve {command.Origin!.CarveId}", Answer);

    public Task<SessionAnswer> CarveMoreAsync(CarveCommand command) => Told($"carve {command.Amount}", Answer);

    public Task<Entry[]> CarvesAfterAsync(long carveId, int number) => Told($"carves after {number}", Carves);

    public Task<SealAnswer> SealAsync(SealCommand command) => Told(command.EvenIfOpen ? "seal" : "seal if ended", Seal);

    public Task HoldAsync(string parentId, bool isPaused) => Told(isPaused ? "hold" : "let go", true);

    public Task<SessionAnswer> ReturnAsync(ReturnCarveCommand command) => Told($"return, spent {command.Spent}", Answer);

    private Task<T> Told<T>(string what, T answer)
    {
        asked[^1] += $": {what}";
        return Task.FromResult(answer);
    }
}

/// <summary>The relative as the interface. A class that implements it would be taken for a grain by every silo of these tests.</summary>
public class RelativeProxy : DispatchProxy
{
    private Relative? relative;

    internal static ISessionFamily Of(Relative relative)
    {
        var proxy = Create<ISessionFamily, RelativeProxy>();
        ((RelativeProxy)proxy).relative = relative;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        typeof(Relative).GetMethod(targetMethod!.Name)!.Invoke(relative, args);
}
