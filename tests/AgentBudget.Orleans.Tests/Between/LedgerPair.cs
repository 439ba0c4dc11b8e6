using System.Diagnostics;
using AgentBudget.Orleans.Between;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Orleans.Tests.Between;

/// <summary>A parent and its child as two ledgers in memory that reach each other, unless one of them is away.</summary>
internal sealed class LedgerPair : IPeers
{
    private readonly List<string> said = [];
    private readonly TaskScheduler turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private TaskCompletionSource somethingSaid = new();

    public LedgerPair()
    {
        var never = new TaskCompletionSource().Task;
        OfParent = new Correspondence(Parent, this, Time, never);
        OfChild = new Correspondence(Child, this, Time, never);
    }

    public FakeTimeProvider Time { get; } = new();

    public LedgerSession Parent { get; } = new("parent");

    public LedgerSession Child { get; } = new("parent/child");

    public Correspondence OfParent { get; }

    public Correspondence OfChild { get; }

    /// <summary>Who was told what, in order.</summary>
    public IReadOnlyList<string> Said => said;

    /// <summary>The ledger that cannot be reached.</summary>
    public string? Away { get; set; }

    /// <summary>How often somebody tried to reach it.</summary>
    public int Missed { get; private set; }

    /// <summary>Keeps whatever is said to a ledger under way until a gate opens, and loses it then; null for nothing.</summary>
    public (string LedgerId, Gate Gate)? Keeps { get; set; }

    /// <summary>Loses what is answered by a ledger, after it was decided.</summary>
    public string? LosesAnswersOf { get; set; }

    public async Task<LedgerMessage?> SayAsync(string ledgerId, LedgerMessage message)
    {
        try
        {
            if (ledgerId == Away)
                Missed++;
            if (ledgerId == Away)
                throw new BudgetUnavailableException();
            if (Keeps is { } keeps && keeps.LedgerId == ledgerId)
            {
                await keeps.Gate.PassAsync();
                throw new BudgetUnavailableException();
            }

            said.Add($"{ledgerId}: {message.GetType().Name}");
            var (session, between) = ledgerId == Parent.SessionId ? (Parent, OfParent) : (Child, OfChild);
            var reply = await between.ReplyAsync(message, await session.ReceiveAsync(message));
            if (ledgerId == LosesAnswersOf)
                throw new BudgetUnavailableException();
            return reply;
        }
        finally
        {
            somethingSaid.TrySetResult();
        }
    }

    /// <summary>Lets time pass, which makes somebody speak, and waits until that has been heard or lost.</summary>
    public async Task AdvanceUntilSaidAsync(TimeSpan time)
    {
        somethingSaid = new TaskCompletionSource();
        var since = Stopwatch.GetTimestamp();
        // Whoever waits for the time may not have begun to yet.
        do
        {
            Time.Advance(time);
            await Task.Yield();
        } while (!somethingSaid.Task.IsCompleted && Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30));
        await somethingSaid.Task.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
    }

    /// <summary>Lets time pass again and again until it is so.</summary>
    public Task AdvanceUntilAsync(TimeSpan time, Func<bool> isSo) =>
        Patience.UntilAsync(() =>
        {
            Time.Advance(time);
            return InTurnAsync(() => Task.FromResult(isSo()));
        });

    /// <summary>Executes a command on the parent, and waits for whoever has a part in it.</summary>
    public Task<SessionAnswer> ParentAsync(SessionCommand command) =>
        InTurnAsync(() => OfParent.AnswerAsync(command, Parent.Execute(command)));

    /// <summary>Executes a command on the child, and waits for whoever has a part in it.</summary>
    public Task<SessionAnswer> ChildAsync(SessionCommand command) =>
        InTurnAsync(() => OfChild.AnswerAsync(command, Child.Execute(command)));

    /// <summary>Does something as activations do: one turn at a time.</summary>
    public Task<T> InTurnAsync<T>(Func<Task<T>> act) =>
        Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.None, turns).Unwrap();
}
