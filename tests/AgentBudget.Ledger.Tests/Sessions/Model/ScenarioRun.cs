using System.Text;

namespace AgentBudget.Ledger.Tests;

/// <summary>Runs one scenario on the ledger and on the naive model side by side, and compares everything after every step.</summary>
internal sealed class ScenarioRun(Scenario scenario)
{
    private readonly SessionShell shell = new();
    private readonly NaiveSession model = new();
    private readonly StringBuilder transcript = new();

    /// <summary>Runs it; throws with a transcript when anything differs or a law is broken.</summary>
    public (IReadOnlyList<Entry> Timeline, IReadOnlyList<SessionAnswer> Answers) Run()
    {
        List<SessionAnswer> answers = [];
        var maker = new CommandMaker(scenario, model);
        var laws = new LawChecks(shell);
        try
        {
            for (var index = 0; index < scenario.Steps.Length; index++)
                answers.Add(RunStep(scenario.Steps[index], index, maker, laws));
            laws.AtTheEnd();
            FoldChecks.Check(shell);
            EventLaws.Check(shell.Head, shell.Timeline);
            BreakdownMatches();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"{exception.Message}\n{transcript}\n{exception.StackTrace}", exception);
        }

        return (shell.Timeline, answers);
    }

    private SessionAnswer RunStep(Step step, int index, CommandMaker maker, LawChecks laws)
    {
        shell.WaitSeconds(step.Seconds);
        var command = maker.Make(step, index);
        transcript.Append(index).Append(" +").Append(step.Seconds).Append("s ").Append(command).Append('\n');
        var (before, known) = (shell.Standing, shell.Timeline.Count);
        if (step.Bits % 13 == 0)
            shell.Reload();
        if (step.Bits % 17 == 0)
        {
            shell.Sweep();
            model.Sweep(shell.Now);
        }

        var expected = model.Do(command, shell.Now);
        var answer = shell.Run(command);
        transcript.Append("   ").Append(answer).Append('\n');
        Compare(expected, answer);
        Assert.Equal(model.Facts.Count, shell.Timeline.Count);
        for (var i = known; i < shell.Timeline.Count; i++)
            Compare(model.Facts[i], shell.Timeline[i]);
        Assert.Equal(model.Now.Standing, shell.Standing);
        Assert.Equal(model.Now.Open.Select(fact => (long)fact.Number), shell.Ledger.OpenReservations.Keys.Order());
        Assert.True(shell.Ledger.NextDue <= model.NextDue, "NextDue is late: something would not expire in time");
        laws.After(command, before, answer);
        return answer;
    }

    private static void Compare(Expected expected, SessionAnswer answer)
    {
        Assert.Equal(expected.Refused, answer.Reason());
        Assert.Equal(
            expected,
            new Expected
            {
                Standing = answer.Standing,
                Refused = answer.Reason(),
                Entry = (int)answer.EntrySequence,
                Amount = answer.Amount.NanoDollars,
                Until = answer.ExpiresAt,
                Signals = answer.Signals,
                Soft = answer.SoftLimitsCrossed,
                WouldRefuse = answer.WouldRefuse,
                IsReplay = answer.IsReplay,
                IsUnchanged = answer.IsUnchanged,
                Room = answer.Refusal?.Available.NanoDollars,
                HasRetryAfter = answer.Refusal?.RetryAfter is not null,
                Loop = NaiveLoops.Words(answer.Refusal?.Loop ?? answer.Loop),
            }
        );
    }

    private static void Compare(Happening fact, Entry entry)
    {
        Assert.Equal(fact.Kind, entry.Kind);
        Assert.Equal(
            fact with
            {
                Intent = null,
                Asked = 0,
                MovesBudget = false,
                LimitMetAfter = false,
            },
            new Happening
            {
                Kind = entry.Kind,
                Number = (int)entry.Sequence,
                At = entry.At,
                Amount = entry.Amount.NanoDollars,
                About = (int)entry.Related,
                Call = entry.Call,
                Child = entry.Child,
                Until = entry.ExpiresAt,
                Opens = entry.OpenReason,
                Closes = entry.Signals.HasFlag(EntrySignals.BreakerClosed),
                Soft = entry.SoftLimitsCrossed,
                Hard = entry.Signals.HasFlag(EntrySignals.HardLimit),
                IsLate = entry.Signals.HasFlag(EntrySignals.Late),
                IsFinal = entry.Signals.HasFlag(EntrySignals.Final),
                WouldRefuse = entry.WouldRefuse,
                Who = entry.PauseSource,
                End = entry.End,
                Loop = NaiveLoops.Words(entry.Loop),
                Warning = entry.Signals.HasFlag(EntrySignals.LoopWarning) ? entry.Loop : null,
                IsConcurrent = entry.Signals.HasFlag(EntrySignals.Concurrent),
            }
        );
        Assert.Equal((fact.Asked, fact.Intent?.Key, fact.Signals), (entry.Requested.NanoDollars, entry.Key, entry.Signals));
    }

    // What was spent on each name, corrections included, recomputed from the facts.
    private void BreakdownMatches()
    {
        var facts = model.Facts;
        var own = facts
            .Where(fact => fact is { Kind: EntryKind.Settled or EntryKind.Charged or EntryKind.Corrected, MovesBudget: false })
            .Select(fact => (fact.Call!.Kind, fact.Call.Name, fact.Amount, Calls: fact.Kind == EntryKind.Corrected ? 0 : 1));
        var expected = own.GroupBy(part => (part.Kind, part.Name))
            .Select(group => (group.Key.Kind, group.Key.Name, group.Sum(part => part.Amount), (long)group.Sum(part => part.Calls)))
            .Order();
        var found = shell
            .Head.Breakdown.Categories.Select(category => (category.Kind, category.Name, category.Total.NanoDollars, category.Calls))
            .Order();
        Assert.Equal(expected, found);
        foreach (var child in shell.Head.Children)
        {
            var spent = facts
                .Where(fact => fact.Child == child.Name && fact.Number >= child.OpenedSequence)
                .Where(fact => fact.Kind is EntryKind.Settled or EntryKind.Charged or EntryKind.Corrected)
                .Sum(fact => fact.Amount);
            Assert.Equal((child.Name, spent), (child.Name, child.Spent.NanoDollars));
        }
    }
}
