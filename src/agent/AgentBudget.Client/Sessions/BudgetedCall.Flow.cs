using AgentBudget.Client.Calls;
using AgentBudget.Client.Sessions;

namespace AgentBudget;

// The call that is open where requests go out: what reads them off the wire finds it here, so that one call is one charge.
public sealed partial class BudgetedCall
{
    private static readonly AsyncLocal<BudgetedCall?> Ambient = new();

    /// <summary>The session that pays for it.</summary>
    public BudgetSession Session { get; }

    /// <summary>What is known of its requests.</summary>
    internal CallAttempts Attempts { get; } = new();

    /// <summary>The call that is open in this flow of execution; null for none, or where it is over already.</summary>
    internal static BudgetedCall? Current => Ambient.Value is { Attempts.IsGoingOut: true } call ? call : null;

    /// <summary>
    /// Makes this the call that goes out from here, until the answer is disposed. Where the client's requests pass a budget of their own on
    /// their way (AgentBudget.Http), the first of them takes this reservation, and ends it by what the wire says; each further one, sent
    /// again or to another model, has a reservation of its own. So a call that is wrapped and read off the wire is charged once, and what
    /// is sent unseen is counted too. <c>WrapAsync</c> and <c>WrapStreamAsync</c> do this by themselves.
    /// </summary>
    public IDisposable Enter()
    {
        var outer = Ambient.Value;
        Attempts.Enter();
        Ambient.Value = this;
        return new EnteredCall(Attempts, outer, static call => Ambient.Value = call);
    }

    /// <summary>Calls of tools pay for no model: what goes out inside of one finds no open call.</summary>
    internal static void EnterNone()
    {
        if (Ambient.Value is not null)
            Ambient.Value = null;
    }

    /// <summary>Takes the reservation for a request; whoever takes it ends it.</summary>
    /// <param name="provider">Where the request goes; null where that is not known.</param>
    /// <param name="model">The model that it names.</param>
    /// <returns>Whether it was taken; not where another request has it, or the call is for another model.</returns>
    internal bool TryTake(string? provider, string model) =>
        !HasEnded && Call.Kind == CallKind.Model && IsOf(provider, model) && Attempts.TryTake();

    /// <summary>The answer was paid for by another reservation: this one is given back, but where a request has it, which may be billed,
    /// and ends it itself.</summary>
    internal Task GiveBackAsync() => Attempts.IsTaken ? Task.CompletedTask : ReleaseAsync();

    /// <summary>Charges what was said behind the settlement.</summary>
    /// <param name="settled">The usage with which it was settled.</param>
    /// <param name="said">The usage now.</param>
    internal async Task ChargeBeyondAsync(ResponseUsage settled, ResponseUsage said)
    {
        if (PriceOf(said) is not { } now || PriceOf(settled) is not { } before || now.Cost <= before.Cost)
            return;
        try
        {
            // The tokens are counted with the call; what is added up here is money.
            await Session.ChargeAsync(now.Call with { Usage = default }, now.Cost - before.Cost);
        }
        catch (RefusedException)
        {
            // It is recorded; the session is exhausted, which its next call is told.
        }
    }

    private PricedCost? PriceOf(ResponseUsage usage) => ActualCost.Of(usage).Price(call.Pricing, call.Call);

    private bool IsOf(string? provider, string model)
    {
        if (model.Equals(Call.Name, StringComparison.OrdinalIgnoreCase))
            return provider is null || Call.Provider is null || provider.Equals(Call.Provider, StringComparison.OrdinalIgnoreCase);
        // One model has several names.
        var (book, at) = (call.Pricing.Book, call.Pricing.At);
        return book.TryResolve(provider, model, at, out var theirs)
            && book.TryResolve(Call.Provider, Call.Name, at, out var ours)
            && ReferenceEquals(theirs, ours);
    }
}
