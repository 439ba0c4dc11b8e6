using AgentBudget.Orleans.Family;

namespace AgentBudget.Orleans.Tests.Family;

/// <summary>Parent and children of a session, all in one: it takes down what it is asked, and answers what the test says.</summary>
internal sealed class Relative : IRelatives, ISessionFamily
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
        if (IsAway) throw new BudgetUnavailableException();
        asked.Add(sessionId);
        return question(this);
    }

    public Task<SessionAnswer> ChargeAsync(string sessionId, ChargeCommand command)
    {
        asked.Add(sessionId);
        return Told($"charge {command.Cost} {command.Key}", Answer);
    }

    public Task<SessionAnswer> OpenCarvedAsync(OpenCommand command) => Told($"open {command.Options.Budget} of carve {command.Origin!.CarveId}", Answer);

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
