using System.Collections.Concurrent;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>What subscribers of a test have received, by test: a grain is made anew when its silo dies, and what it got is looked at from
/// outside.</summary>
public sealed class Received
{
    private readonly ConcurrentQueue<BudgetEvent> events = new();
    private int tries;

    /// <summary>Called before an event is taken; may wait, or throw.</summary>
    public Func<BudgetEvent, Task>? OnNext { get; set; }

    /// <summary>What the silo keeps of what was not taken, as a grain is handed it.</summary>
    public BudgetStreamDeadLetters? DeadLetters { get; set; }

    /// <summary>How often an event was handed to a subscriber.</summary>
    public int Tries => Volatile.Read(ref tries);

    /// <summary>All, repeats included, in the order in which they came.</summary>
    public IReadOnlyList<BudgetEvent> All => [.. events];

    /// <summary>Each once.</summary>
    public IReadOnlyList<BudgetEvent> Once => [.. events.DistinctBy(of => of.Id)];

    public async Task TakeAsync(BudgetEvent of)
    {
        Interlocked.Increment(ref tries);
        if (OnNext is { } take)
            await take(of);
        events.Enqueue(of);
    }
}

public interface IEventsGrain : IGrainWithStringKey;

/// <summary>Follows all events of a tenant.</summary>
[ImplicitStreamSubscription(BudgetStreams.Events)]
public sealed class EventsGrain(Received received, BudgetStreamDeadLetters deadLetters)
    : Grain,
        IEventsGrain,
        IStreamSubscriptionObserver,
        IAsyncObserver<BudgetEvent>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        received.DeadLetters = deadLetters;
        return handleFactory.Create<BudgetEvent>().ResumeAsync(this);
    }

    public Task OnNextAsync(BudgetEvent item, StreamSequenceToken? token = null) => received.TakeAsync(item);

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
