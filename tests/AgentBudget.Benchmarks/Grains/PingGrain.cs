using Orleans.Concurrency;

namespace AgentBudget.Benchmarks.Grains;

/// <summary>The ceiling: a grain that does nothing, called the way a session is.</summary>
public interface IPing : IGrainWithStringKey
{
    /// <summary>Answers.</summary>
    Task<long> PingAsync(long value);
}

[Reentrant]
internal sealed class PingGrain : Grain, IPing
{
    public Task<long> PingAsync(long value) => Task.FromResult(value);
}
