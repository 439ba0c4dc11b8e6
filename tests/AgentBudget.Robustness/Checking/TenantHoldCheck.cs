using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Checking;

/// <summary>
/// The kill switch: as many as were counted as told had written it by the answer, nobody was left in the end, and nobody who had written it
/// authorised anything after that until it was resumed.
/// </summary>
internal static class TenantHoldCheck
{
    // Ledger time never stands still, and so can be a little ahead of the clock of whoever was answered.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<Violation> Check(RunRecord run) => run.Holds.SelectMany(hold => Check(run, hold));

    private static IEnumerable<Violation> Check(RunRecord run, HoldSeen hold)
    {
        var id = LedgerIds.OfOtherKind(hold.Path);
        var path = TenantPath.Parse(hold.Path);
        var below = run.Sessions.Values.Where(ledger => ledger.Id != id && TenantOf(ledger.Id)?.IsWithin(path) == true).ToArray();
        var written = below.Select(ledger => (ledger, At: WrittenAt(ledger, hold))).Where(pair => pair.At is not null).ToArray();
        var byThen = written.Count(pair => pair.At <= hold.Answered + ClockMargin);
        if (byThen < hold.Told)
            yield return new Violation("L11", id, $"{hold.Told} were counted as told, and {byThen} had written the pause by then");
        if (hold.NotReached != 0)
            yield return new Violation(
                "L12",
                id,
                $"{hold.NotReached} were not reached {(hold.AnsweredLast - hold.Answered).TotalSeconds:0} s after the answer"
            );
        foreach (var (ledger, at) in written)
        {
            if (ledger.Timeline.FirstOrDefault(entry => Authorises(entry) && entry.At > at && entry.At < hold.Until) is { } entry)
                yield return new Violation(
                    "L11",
                    ledger.Id,
                    $"entry {entry.Sequence} authorises {entry.Amount} after it was told of a pause"
                )
                {
                    Sequence = entry.Sequence,
                };
        }

        foreach (var ledger in hold.NotReached == 0 ? below : [])
        {
            if (
                ledger.Timeline.FirstOrDefault(entry => Authorises(entry) && entry.At > hold.AnsweredLast && entry.At < hold.Until) is
                { } entry
            )
                yield return new Violation("L11", ledger.Id, $"entry {entry.Sequence} authorises {entry.Amount}, and nobody was left")
                {
                    Sequence = entry.Sequence,
                };
        }
    }

    private static bool Authorises(Entry entry) => entry.Kind is EntryKind.Reserved or EntryKind.HolderGranted && entry.Amount > Money.Zero;

    private static DateTimeOffset? WrittenAt(FinalSession ledger, HoldSeen hold) =>
        ledger
            .Timeline.FirstOrDefault(entry =>
                entry is { Kind: EntryKind.Paused, PauseSource: PauseSources.Parent } && entry.At >= hold.Since && entry.At < hold.Until
            )
            ?.At;

    private static TenantPath? TenantOf(string id) => LedgerIds.IsOfASession(id) ? SessionIds.TenantOf(id) : TenantPath.Parse(id[1..]);
}
