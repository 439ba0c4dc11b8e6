using AgentBudget.Benchmarks.Cases;
using Orleans.Concurrency;

namespace AgentBudget.Benchmarks.Grains;

/// <summary>A bare file behind a grain: what group commit costs when calls come the way charges do, and nothing is kept of them.</summary>
public interface IRawAppend : IGrainWithStringKey
{
    /// <summary>Appends a record, durable when it answers.</summary>
    Task<long> AppendAsync(long value);
}

[Reentrant]
internal sealed class RawAppendGrain : Grain, IRawAppend
{
    /// <summary>The file that all of them share; set before the first call.</summary>
    public static RawFile? File { get; set; }

    public async Task<long> AppendAsync(long value)
    {
        await File!.AppendAsync();
        return value;
    }
}
