namespace AgentBudget.Replay.Running;

/// <summary>One recorded run against a ledger in memory, for what its sense of loops says.</summary>
internal sealed class LoopRun(Trace trace, LoopPolicy policy, Money? budget)
{
    private readonly SessionLedger ledger = SessionLedger.New("loops");
    private readonly Dictionary<long, int> eventsBySequence = [];
    private bool hasUserSpoken;

    /// <summary>Something that was found.</summary>
    /// <param name="Event">At which event.</param>
    /// <param name="Evidence">What.</param>
    /// <param name="Events">The events that it counts.</param>
    /// <param name="SpentBefore">What had been spent.</param>
    public sealed record Finding(int Event, LoopEvidence Evidence, IReadOnlyList<int> Events, Money SpentBefore);

    public Finding? Tripped { get; private set; }

    /// <summary>The first warning.</summary>
    public Finding? Warned { get; private set; }

    /// <summary>The event that the budget did not pay for; null for none.</summary>
    public int? ExhaustedAt { get; private set; }

    public Money Spent => ledger.Head.Spent;

    public void Run(PricedTrace priced)
    {
        // The longest idle time-out there is: a run that rested for days is still one run.
        var options = new BudgetSessionOptions
        {
            // Of the largest budget there is no run spends a share that counts.
            Budget = budget ?? Money.MaxAmount,
            Loops = policy,
            IdleTimeout = Bounds.IdleTimeout.Most,
        };
        Do(new OpenCommand { Options = options }, trace.Start);
        foreach (var group in CallGroups.Of(priced.Events))
        {
            if (group[0].Event.IsUserMessage)
                hasUserSpoken = true;
            else
                Run(group, trace.Start + group[0].Event.Elapsed);
            if (Tripped is not null || ExhaustedAt is not null)
                return;
        }
    }

    private void Run(ArraySegment<PricedEvent> group, DateTimeOffset at)
    {
        var made = new List<(PricedEvent Event, long Reservation)>(group.Count);
        foreach (var next in group)
        {
            var call = next.Call with { Result = 0, Failed = false, AfterUser = hasUserSpoken };
            hasUserSpoken = false;
            var spentBefore = Spent;
            var answer = Do(new ReserveCommand { Amount = next.Cost ?? Money.Zero, Call = call }, at);
            if (answer.Refusal is { } refusal)
            {
                if (refusal.Reason == RefusalReason.LoopDetected)
                    Tripped = Found(next, refusal.Loop!, spentBefore);
                else if (refusal.Reason != RefusalReason.Throttled)
                    ExhaustedAt = next.Event.Number;
                // One that has to wait would come again; the run goes on without it.
                if (Tripped is not null || ExhaustedAt is not null)
                    break;
                continue;
            }

            eventsBySequence[answer.ReservationId] = next.Event.Number;
            if (answer is { Loop: { } warning })
                Warned ??= Found(next, warning, spentBefore);
            made.Add((next, answer.ReservationId));
        }

        foreach (var (next, reservation) in made)
            Do(
                new SettleCommand
                {
                    ReservationId = reservation,
                    Cost = next.Cost ?? Money.Zero,
                    Call = next.Call,
                },
                at
            );
    }

    private Finding Found(PricedEvent next, LoopEvidence evidence, Money spentBefore) =>
        new(
            next.Event.Number,
            evidence,
            [.. evidence.Sequences.Select(sequence => eventsBySequence.GetValueOrDefault(sequence))],
            spentBefore
        );

    private SessionAnswer Do(SessionCommand command, DateTimeOffset at)
    {
        command.Validate();
        return ledger.Execute(command, LookUps.None, at).Answer;
    }
}
