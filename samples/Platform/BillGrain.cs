using AgentBudget;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Platform;

/// <summary>Writes the bill of a tenant from the stream of its costs. Who is told of a cost twice, as after a silo's end, writes it
/// once.</summary>
public interface IBillGrain : IGrainWithStringKey;

/// <inheritdoc cref="IBillGrain"/>
[ImplicitStreamSubscription(BudgetStreams.Billing)]
internal sealed class BillGrain(BillTable bill) : Grain, IBillGrain, IStreamSubscriptionObserver, IAsyncObserver<ChargeEvent>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<ChargeEvent>().ResumeAsync(this);

    // The stream goes on when this has ended: what is acknowledged is in the table.
    public Task OnNextAsync(ChargeEvent item, StreamSequenceToken? token = null) => bill.AddAsync(item);

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
