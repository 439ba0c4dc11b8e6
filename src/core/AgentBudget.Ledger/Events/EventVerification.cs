using System.Text.Json;
using AgentBudget.Ledger;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

/// <summary>
/// Proves that an export of events is whole, line by line: <see cref="Add"/> each, then <see cref="Complete"/>. Of each ledger: that no
/// event between its first and its last here is missing, doubled or moved, that what was spent is the sum of its costs, that its budget
/// moved by events alone, and that overage is what costs and budget make it. What its carved children spent moves it as well, between two
/// events: of a session that has some the sum alone is proven, against what they spent. What was set aside is proven where no entry without
/// events lies between two (<see cref="SetAsideUnproven"/>). Not proven are a tenant's own amounts, how spend is divided among names, and
/// what a call says of itself. Who writes all later events of a ledger anew is not found, nor is an end that was cut off: for these,
/// compare <see cref="Ledgers"/> with the reports. Takes a few hundred bytes a ledger.
/// </summary>
public sealed class EventVerification
{
    /// <summary>The most findings that are kept; those beyond are counted.</summary>
    public const int MaxFindings = 1_000;

    /// <summary>The longest line that is read, in bytes: more than any event has.</summary>
    public const int MaxLine = 1024 * 1024;

    private readonly Dictionary<string, LedgerChain> chains = new(StringComparer.Ordinal);
    private readonly List<EventFinding> findings = [];
    private readonly bool beginsAnywhere;
    private readonly EventWindow? window;

    /// <summary>Begins.</summary>
    /// <param name="beginsAnywhere">Whether the export may begin in the middle of a ledger, as one of a window of time does: what stood
    /// before the first event of a ledger is then not missed.</param>
    /// <param name="window">A tenant's window to add up; null for none.</param>
    public EventVerification(bool beginsAnywhere = false, EventWindow? window = null) =>
        (this.beginsAnywhere, this.window) = (beginsAnywhere, window);

    /// <summary>How many lines there were, empty ones aside.</summary>
    public long Events { get; private set; }

    /// <summary>The line that was added last, from 1 on.</summary>
    public long Line { get; private set; }

    /// <summary>How many things are wrong.</summary>
    public long FindingsTotal { get; private set; }

    /// <summary>What is wrong, the first <see cref="MaxFindings"/>; what is missing is known once all lines were added.</summary>
    public IReadOnlyList<EventFinding> Findings => findings;

    /// <summary>The ledgers, in the order in which they came.</summary>
    public IEnumerable<VerifiedLedger> Ledgers => chains.Values.Select(chain => chain.Result);

    /// <summary>Settlements and expiries of which what they say was set aside (<c>reserved</c>, <c>amount</c>) is not proven, because
    /// entries without events, such as reservations, lie between them and the events before.</summary>
    public long SetAsideUnproven => chains.Values.Sum(chain => chain.SetAsideUnproven);

    /// <summary>The sum of the costs in the window that was handed in, corrections signed.</summary>
    public Money BilledInWindow => chains.Values.Aggregate(Money.Zero, (sum, chain) => sum + chain.BilledInWindow);

    /// <summary>Adds a line of the export.</summary>
    /// <param name="line">One event, as <see cref="BudgetEventJson"/> writes it, in UTF-8 without the line's end; an empty one is passed
    /// over.</param>
    public void Add(ReadOnlyMemory<byte> line)
    {
        Line++;
        if (line.Span.Trim(" \t\r"u8).IsEmpty)
            return;
        Events++;
        SeenEvent of;
        try
        {
            if (line.Length > MaxLine)
                throw new FormatException($"it is longer than {MaxLine} bytes");
            of = SeenEvent.Read(line);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or OverflowException or InvalidOperationException)
        {
            var why = exception is FormatException ? exception.Message : "it is no JSON of an event";
            Find(new(EventFindingKind.Unreadable, Line, "", $"{why}."));
            return;
        }

        Take(of);
    }

    /// <summary>Tells what has not come by the end. Nothing may be added any more.</summary>
    public void Complete()
    {
        var parents = new Dictionary<string, Money>(StringComparer.Ordinal);
        foreach (var chain in chains.Values)
        {
            if (chain.Parent is { } parent)
                parents[parent] = parents.GetValueOrDefault(parent) + chain.MostSpent;
        }

        foreach (var chain in chains.Values)
        {
            chain.End(Find);
            if (chain.Jumps.Count > 0)
                FindJumps(chain, parents);
        }
    }

    /// <summary>Compares a ledger with what it is known to have spent, which shows an end that was cut off.</summary>
    /// <param name="seen">One of <see cref="Ledgers"/>.</param>
    /// <param name="spent">What it has spent, carved children included; null when it is not there any more, and nothing is proven.</param>
    public void Compare(VerifiedLedger seen, Money? spent)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if (spent is not { } known || known == seen.Spent)
            return;
        var problem = $"the ledger has spent {known}, by the last event here it was {seen.Spent}: the end is missing, or came since.";
        Find(new(EventFindingKind.Missing, 0, seen.Ledger, problem));
    }

    /// <summary>Compares the costs in the window with what the tenant says that it spent in it: with nothing missing, and nothing altered,
    /// in any of its sessions they are the same.</summary>
    /// <param name="spent">What its report says.</param>
    /// <exception cref="InvalidOperationException">No window was handed in.</exception>
    public void CompareWindow(Money spent)
    {
        if (window is not { } of)
            throw new InvalidOperationException("No window was handed in to compare with.");
        if (spent == BilledInWindow)
            return;
        var problem =
            $"{of.Tenant} spent {spent} from {JsonLine.Iso(of.From)} to {JsonLine.Iso(of.To)}, and the costs here make {BilledInWindow}: "
            + "some are missing, or came since.";
        Find(new(EventFindingKind.Missing, 0, TenantLedgers.IdOf(of.Tenant), problem));
    }

    private void FindJumps(LedgerChain chain, Dictionary<string, Money> parents)
    {
        if (!parents.TryGetValue(chain.Ledger, out var most))
        {
            foreach (var jump in chain.Jumps)
                Find(jump.ToFinding());
        }
        else if (chain.Unexplained > most)
        {
            var problem =
                $"{chain.Unexplained} moved in the session beyond its own costs, here or later, but its carved children spent {most}.";
            Find(chain.Jumps[0].ToFinding() with { Problem = problem });
        }
    }

    private void Take(SeenEvent of)
    {
        var name = $"{of.Ledger}#{of.Life}";
        var place = of.Place;
        if (!of.IsWhereItsIdSays)
        {
            Find(new(EventFindingKind.Altered, Line, of.Id, "it does not stand where its id says."));
            return;
        }

        if (place.Sequence < 1 || place.Part < 1 || place.Part > place.Parts || place.Previous >= place.Sequence)
        {
            Find(new(EventFindingKind.Altered, Line, of.Id, "it stands where no event can."));
            return;
        }

        if (!chains.TryGetValue(name, out var chain))
            chains[name] = chain = new LedgerChain($"{of.Ledger}#*", of.Ledger, beginsAnywhere, window);
        chain.Add(of, Line, Find);
    }

    private void Find(EventFinding finding)
    {
        FindingsTotal++;
        if (findings.Count < MaxFindings)
            findings.Add(finding);
    }
}
