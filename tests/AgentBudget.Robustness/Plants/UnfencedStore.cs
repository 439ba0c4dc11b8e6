using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Plants;

/// <summary>Ignores the version of the head: what was decided on an older state is written behind what stands by now.</summary>
public sealed class UnfencedStore(ILedgerStore inner) : DecoratedStore(inner)
{
    public override async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch)
    {
        LedgerAppend[] appends = [.. batch];
        var outcomes = await Inner.AppendAsync(appends);
        for (var i = 0; i < appends.Length; i++)
        {
            if (outcomes[i] == AppendOutcome.Fenced)
                await AppendAnywayAsync(appends[i]);
        }

        return new AppendOutcome[appends.Length];
    }

    private async Task AppendAnywayAsync(LedgerAppend append)
    {
        var stands = (await Inner.LoadAsync(append.Head.SessionId, CancellationToken.None))?.Head.Sequence ?? 0;
        var moved = append with
        {
            ExpectedSequence = stands,
            Entries = [.. append.Entries.Select((entry, place) => entry with { Sequence = stands + 1 + place })],
            Head = append.Head with { Sequence = stands + append.Entries.Count },
        };
        await Inner.AppendAsync([moved]);
    }
}
