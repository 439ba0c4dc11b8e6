using System.Globalization;
using System.Text.Json;
using AgentBudget.Orleans.Storage;
using AgentBudget.Robustness.Checking;
using AgentBudget.Robustness.Faults;
using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Runs;

/// <summary>What a run showed.</summary>
internal sealed record RunResult
{
    private const int ShownOperations = 24;
    private const int EntriesAround = 6;
    private const int Slowest = 3;
    private const int ShownOfProblem = 300;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public required RunOptions Options { get; init; }

    public required RunRecord Record { get; init; }

    public required IReadOnlyList<Fault> Faults { get; init; }

    public required IReadOnlyList<Violation> Violations { get; init; }

    public required int SilosEndedByThemselves { get; init; }

    private IReadOnlyList<Operation> Operations => Record.Operations;

    private long Acknowledged => Operations.Count(operation => operation.IsGranted || operation.Outcome?.Read is not null);

    private long Refused => Operations.Count(operation => operation.IsRefused);

    private long Unknown => Operations.Count(operation => operation.IsUnknown);

    private long SentAgain => Operations.Count(operation => operation.Outcome?.Attempts > 1);

    private long UnknownFound =>
        Operations.Count(operation =>
            operation.IsUnknown
            && operation.Invocation.Key is { } key
            && Record.Sessions.GetValueOrDefault(operation.Invocation.Session)?.Timeline.Any(entry => entry.Key == key) == true
        );

    private long ChargesMade => Operations.Count(ChargeWork.IsMade);

    private TimeSpan WorstStall => Operations.Select(StallOf).DefaultIfEmpty().Max();

    private int CarvedChildren =>
        Record.Sessions.Keys.Count(id => id.Contains('/', StringComparison.Ordinal) && SessionIds.TenantOf(id) is null && id[0] != '~');

    private int MostChildrenAtOnce => Record.Sessions.Values.Select(session => OpenAtOnce(session.Timeline)).DefaultIfEmpty().Max();

    private long LateCosts =>
        Record.Sessions.Values.Sum(session =>
            session.Timeline.Count(entry =>
                entry.Kind == EntryKind.HolderReported && entry.Holder is { WasOpen: false, SpentUp.NanoDollars: > 0 }
            )
        );

    private static int OpenAtOnce(IReadOnlyList<Entry> timeline)
    {
        var (open, most) = (new HashSet<long>(), 0);
        foreach (var row in timeline.Select(entry => entry.Holder?.Row).OfType<HolderRow>())
        {
            if (row is { IsOpen: true, HolderLife: not 0 })
                open.Add(row.Number);
            else
                open.Remove(row.Number);
            most = Math.Max(most, open.Count);
        }

        return most;
    }

    private static TimeSpan StallOf(Operation operation) =>
        operation.Outcome is { } outcome ? outcome.At - operation.Invocation.SentAt : TimeSpan.Zero;

    private TimeSpan? WorstRecovery(FaultKind kind) =>
        Faults.Where(fault => fault.Kind == kind).Select(fault => (TimeSpan?)fault.Recovery).Max();

    /// <summary>Writes it for people.</summary>
    public void Write(TextWriter writer)
    {
        var entries = Record.Sessions.Values.Sum(session => session.Timeline.Count);
        writer.WriteLine();
        writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"operations    {Operations.Count:N0} on {Record.Sessions.Count:N0} sessions "
                    + $"({CarvedChildren:N0} of them carved children), "
                    + $"{entries:N0} entries"
            )
        );
        writer.WriteLine(
            FormattableString.Invariant($"families      {MostChildrenAtOnce:N0} children of one parent open at once; ")
                + FormattableString.Invariant($"{LateCosts:N0} reports of costs after an end booked")
        );
        WriteTenants(writer);
        WriteCharges(writer);
        if (Record.Events is { } events)
            writer.WriteLine(
                FormattableString.Invariant($"events        {events.Count:N0} received, and {Record.RepeatedEvents:N0} of them again; ")
                    + $"they bill {FeedCheck.BilledBy(events)}"
            );
        writer.WriteLine(FormattableString.Invariant($"acknowledged  {Acknowledged:N0}"));
        writer.WriteLine(FormattableString.Invariant($"refused       {Refused:N0}"));
        writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"unknown       {Unknown:N0}, of which the final timelines hold {UnknownFound:N0}; {SentAgain:N0} operations were sent "
                    + $"more than once"
            )
        );
        writer.WriteLine(
            FormattableString.Invariant($"faults        {Faults.Count}; silos that ended by themselves: {SilosEndedByThemselves}")
        );
        foreach (var group in Faults.GroupBy(fault => fault.Kind))
            writer.WriteLine($"              {group.Key} {Recoveries([.. group.Select(fault => fault.Recovery).Order()])}");
        writer.WriteLine(FormattableString.Invariant($"worst stall   {WorstStall.TotalSeconds:0.0} s; the longest:"));
        foreach (var slow in Operations.OrderByDescending(StallOf).Take(Slowest))
        {
            writer.WriteLine(FormattableString.Invariant($"              {StallOf(slow).TotalSeconds, 4:0.0} s  {slow.Summary}"));
            if (slow.Outcome?.LastProblem is { } problem)
                writer.WriteLine(
                    "                      "
                        + $"{(problem.Length > ShownOfProblem ? problem[..ShownOfProblem] : problem).ReplaceLineEndings(" ")}"
                );
        }

        if (Violations.Count == 0)
        {
            writer.WriteLine("laws held");
            return;
        }

        writer.WriteLine(FormattableString.Invariant($"{Violations.Count} violations; the first:"));
        WriteViolation(writer, Violations[0]);
        foreach (var group in Violations.GroupBy(violation => violation.Law))
            writer.WriteLine(FormattableString.Invariant($"  {group.Key}: {group.Count()}, the first: {group.First()}"));
    }

    private void WriteTenants(TextWriter writer)
    {
        var tenants = Record.Sessions.Values.Where(ledger => !LedgerIds.IsOfASession(ledger.Id)).ToArray();
        if (tenants.Length == 0)
            return;
        var sessions = Record.Sessions.Keys.Count(id => SessionIds.TenantOf(id) is not null);
        var granted = tenants.Sum(tenant => tenant.Timeline.Count(entry => entry.Kind == EntryKind.HolderGranted));
        writer.WriteLine(
            FormattableString.Invariant($"tenants       {tenants.Length} with {sessions} sessions, {granted:N0} grants; ")
                + FormattableString.Invariant($"{Record.Spends.Count} days of spend by name added up")
        );
        foreach (var hold in Record.Holds)
            writer.WriteLine(
                FormattableString.Invariant($"              a pause answered in {(hold.Answered - hold.Since).TotalSeconds:0.0} s: ")
                    + FormattableString.Invariant($"{hold.Told} told, {hold.NotReached} not reached ")
                    + FormattableString.Invariant($"{(hold.AnsweredLast - hold.Answered).TotalSeconds:0.0} s later")
            );
    }

    private void WriteCharges(TextWriter writer)
    {
        if (Options.Charges == 0)
            return;
        var bySecond = Operations
            .Where(ChargeWork.IsMade)
            .CountBy(operation => DateTimeOffset.FromUnixTimeSeconds(operation.Outcome!.At.ToUnixTimeSeconds()))
            .ToArray();
        var undisturbed = bySecond.Where(second => !IsDisturbed(second.Key)).Select(second => second.Value);
        writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"charges       {ChargesMade:N0} of {Options.Charges:N0} besides, within {bySecond.Length:N0} seconds; "
                    + $"{undisturbed.DefaultIfEmpty().Average():N0} a second while nothing was down"
            )
        );
    }

    private bool IsDisturbed(DateTimeOffset second) =>
        Faults.Any(fault => fault.At < second.AddSeconds(1) && second < fault.HealedAt + fault.Recovery);

    private static string Recoveries(TimeSpan[] ordered) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{ordered.Length}: every session answered within {ordered[^1].TotalSeconds:0.0} s (median "
                + $"{ordered[ordered.Length / 2].TotalSeconds:0.0} s)"
        );

    /// <summary>Writes it for programs.</summary>
    public void WriteJson(string path) =>
        File.WriteAllText(
            path,
            JsonSerializer.Serialize(
                new
                {
                    seed = Options.Seed,
                    duration_seconds = (long)Options.Duration.TotalSeconds,
                    sessions = Options.Sessions,
                    clients = Options.Clients,
                    operations = Operations.Count,
                    charges_asked = Options.Charges,
                    charges_made = ChargesMade,
                    events_received = Record.Events?.Count,
                    events_repeated = Record.RepeatedEvents,
                    events_bill = Record.Events is { } received ? FeedCheck.BilledBy(received).ToString() : null,
                    acknowledged = Acknowledged,
                    refused = Refused,
                    unknown = Unknown,
                    unknown_found = UnknownFound,
                    sent_again = SentAgain,
                    entries = Record.Sessions.Values.Sum(session => session.Timeline.Count),
                    children_at_once = MostChildrenAtOnce,
                    worst_stall_ms = (long)WorstStall.TotalMilliseconds,
                    silos_ended_by_themselves = SilosEndedByThemselves,
                    faults = Enum.GetValues<FaultKind>()
                        .Where(kind => WorstRecovery(kind) is not null)
                        .Select(kind => new
                        {
                            kind = kind.ToString(),
                            count = Faults.Count(fault => fault.Kind == kind),
                            worst_recovery_ms = (long)WorstRecovery(kind)!.Value.TotalMilliseconds,
                        }),
                    laws_held = Violations.Count == 0,
                    violations = Violations.Take(20).Select(violation => violation.ToString()),
                },
                Indented
            )
        );

    private void WriteViolation(TextWriter writer, Violation violation)
    {
        writer.WriteLine(violation);
        if (violation.Operation is { } operation)
            writer.WriteLine($"  {operation}");
        if (Record.Sessions.GetValueOrDefault(violation.Session) is { } session)
        {
            writer.WriteLine("  its timeline there:");
            foreach (var entry in session.Timeline.Where(entry => Math.Abs(entry.Sequence - violation.Sequence) <= EntriesAround))
                writer.WriteLine(
                    FormattableString.Invariant(
                        $"    {entry.Sequence} {entry.At:HH:mm:ss.fff} {entry.Kind} {entry.Amount} {entry.Key ?? "-"}"
                    )
                );
        }

        var at = violation.Operation?.Invocation.SentAt ?? Record.Sessions.GetValueOrDefault(violation.Session)?.At(violation.Sequence)?.At;
        writer.WriteLine("  its history there:");
        var near = Operations
            .Where(other => other.Invocation.Session == violation.Session)
            .OrderBy(other => at is null ? TimeSpan.Zero : (other.Invocation.SentAt - at.Value).Duration())
            .Take(ShownOperations);
        foreach (var other in near.OrderBy(other => other.Invocation.SentAt))
            writer.WriteLine($"    {other}");
    }
}
