namespace AgentBudget.Simulation.Worlds;

/// <summary>
/// What one activation says to others, and when: everything that its ledger owes, once that is durable, and again as long as it is owed.
/// </summary>
internal sealed class ActivationTalk(World world, SessionLedger ledger, ActivationWrites writes, ActivationClock clock)
{
    private static readonly TimeSpan NotAnswered = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SameAgain = TimeSpan.FromSeconds(1);

    private readonly HashSet<long> invited = [];
    private long holdTold;
    private DateTimeOffset spokeAt;
    private (Money AtLeast, long From, long To, int Epoch) lastSaid;
    private DateTimeOffset lastSaidAt;

    /// <summary>What was said to the parent has been answered, or is to be said once more.</summary>
    public void ParentMayBeTold() => spokeAt = default;

    /// <summary>Those who were invited and have not come are invited once more.</summary>
    public void InviteAgain() => invited.Clear();

    /// <summary>All that is owed, as the machine says it: to the parent, to holders that are not registered, and to all where a hold
    /// changed.</summary>
    public void Speak()
    {
        if (writes.IsDead)
            return;
        // A word says what was decided; it may go out when that is durable.
        if (!writes.IsAllDurable && !world.Plants.HasFlag(Plants.AnswerBeforeDurable))
        {
            writes.WhenDurable(Speak);
            return;
        }

        foreach (var row in ledger.OpenHolders.Values.ToArray())
        {
            if (row is { HolderLife: 0, Policy: HolderPolicy.Carved } && row.Number <= writes.Durable && invited.Add(row.Number))
                Say(row, wantsAnswer: false, isSwept: false);
        }

        if (ledger.Head.Tenant is not null && ledger.HasHoldersToTell)
        {
            foreach (var row in ledger.HoldersToTell.Where(ledger.IsAtTheDesk))
                Say(row, wantsAnswer: false, isSwept: false);
        }

        var mark = Math.Max(ledger.Head.HoldNumber, ledger.Head.IsOver ? long.MaxValue : 0);
        if (mark > holdTold)
        {
            holdTold = mark;
            SayToAll(isSwept: false);
        }

        SpeakToParent();
    }

    /// <summary>Tells every holder where it stands, and asks each for an answer.</summary>
    /// <param name="isSwept">Whether the sweep has it done, so that each looks at its store before.</param>
    public void SayToAll(bool isSwept)
    {
        foreach (var row in ledger.OpenHolders.Values.ToArray())
            Say(row, wantsAnswer: true, isSwept);
    }

    private void Say(HolderRow row, bool wantsAnswer, bool isSwept)
    {
        if (row.Number > writes.Durable)
            return;
        var message = ledger.WordForHolder(row, clock.Now, wantsAnswer, isSwept && !world.Plants.HasFlag(Plants.SweptFromMemory));
        if (message is ParentWord word && world.Plants.HasFlag(Plants.GrantNotRepeated))
            message = word with { Granted = Money.Zero };
        world.Send(message);
    }

    private void SpeakToParent()
    {
        if (!ledger.OwesParent || spokeAt != default)
            return;
        if (!writes.IsAllDurable && !world.Plants.HasFlag(Plants.GiveBackBeforeDurable))
            return;
        var range = ToReport();
        var word = ledger.WordForParent(range, clock.Now);
        var saying = (word.AtLeast, word.Report?.From ?? 0, word.Report?.To ?? 0, word.Report?.Epoch ?? 0);
        // It was answered, and is owed all the same: not again at once.
        var isSameAgain = saying == lastSaid && world.Now - lastSaidAt < SameAgain;
        spokeAt = world.Now;
        var said = spokeAt;
        world.After(isSameAgain ? SameAgain : NotAnswered, () => SpeakAgain(said));
        if (isSameAgain)
            return;
        (lastSaid, lastSaidAt) = (saying, world.Now);
        world.Send(PlantedMessages.Sent(word, world.Plants, ledger.Head, range));
    }

    private Entry[] ToReport()
    {
        var (after, through) = ledger.ToReport;
        if (through == 0)
            return [];
        IEnumerable<Entry> entries = world.Store.Find(ledger.Head.SessionId)?.Entries ?? [];
        if (world.Plants.HasFlag(Plants.GiveBackBeforeDurable))
            entries = entries.Take((int)writes.Durable).Concat(writes.Undurable);
        return entries.Skip((int)after).Take(Math.Min(world.ReportPage, (int)(through - after))).ToArray();
    }

    private void SpeakAgain(DateTimeOffset said)
    {
        if (spokeAt != said || writes.IsDead)
            return;
        spokeAt = default;
        SpeakToParent();
    }
}
