using System.Text.Json;

namespace AgentBudget.Benchmarks.Load;

/// <summary>One round of one case, as one build tells it to whoever compares builds: a line of JSON.</summary>
internal sealed record Round(int Number, string Case, int Callers, LoadResult Result);

/// <summary>Lets rounds be run when another program says so, so that two builds take turns on one machine.</summary>
internal sealed class Turns(TextReader from, TextWriter to)
{
    /// <summary>Waits for its turn; false when there is none any more.</summary>
    public async Task<bool> NextAsync() => await from.ReadLineAsync() is not null;

    /// <summary>Tells what a round gave, and hands the turn back.</summary>
    public async Task TellAsync(Round round)
    {
        await to.WriteLineAsync(JsonSerializer.Serialize(round));
        await to.FlushAsync();
    }
}
