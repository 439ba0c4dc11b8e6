using Microsoft.Extensions.Options;

namespace AgentBudget.Orleans.Prices;

/// <summary>
/// Prices commands that carry usage and no amount. Keeps the last versions of the prices that it used, so that a call is settled with
/// the version that it was reserved with. Safe for use by many sessions at once.
/// </summary>
internal sealed class UsagePricer(SiloPrices prices, IOptions<AgentBudgetOptions> options)
{
    /// <summary>The most versions that are kept. Reservations last minutes; prices do not change eight times meanwhile.</summary>
    public const int MaxVersions = 8;

    private readonly Lock gate = new();
    private volatile PriceBook[] newestFirst = [];

    /// <summary>Finds the price that a command needs.</summary>
    /// <returns>The price, or null when there is none.</returns>
    public PricedUsage? Price(SessionCommand command, SessionLedger ledger, LookUps lookUps, DateTimeOffset now)
    {
        var policy = ledger.Head.Options?.UnknownModels ?? UnknownModelPolicy.Reject;
        return command switch
        {
            ReserveCommand reserve => Found(WorstCase(reserve.Call, policy, now), reserve.Call),
            SettleCommand settle => Settled(settle.Call!, ledger.FindReservedCall(settle, lookUps), policy, now),
            ChargeCommand charge => Found(Price(Newest(), charge.Call, charge.Call.Name, policy, now), charge.Call),
            _ => null,
        };
    }

    private PricedCall WorstCase(Call call, UnknownModelPolicy policy, DateTimeOffset now)
    {
        var book = Newest();
        var asked = CallTerms.EnforcedFor(call) with { UncountedImages = UncountedImages.AsText };
        var worst = book.WorstCase(
            policy,
            options.Value.UnknownModels,
            call.Provider,
            call.Name,
            now,
            call.Usage.Input,
            call.Usage.Output,
            asked,
            call.Usage
        );
        var stated = Price(book, call, call.Name, policy, now);
        return !worst.IsPriced || (stated.IsPriced && stated.Cost <= worst.Cost) ? worst : stated;
    }

    private PricedUsage? Settled(Call call, Call? reserved, UnknownModelPolicy policy, DateTimeOffset now)
    {
        var book = Version(reserved?.PriceTableVersion) ?? Newest();
        // What the response does not say that it was served is what was asked for.
        if (reserved is { Kind: CallKind.Model })
            call = CallTerms.EnforcedFor(call).Or(CallTerms.EnforcedFor(reserved)).RecordOn(call);
        if (reserved is null || reserved.Kind != CallKind.Model)
            return Found(Price(book, call, call.Name, policy, now), call);
        // A price that began between call and settlement is not the call's.
        var at = ReservationTime.Of(book, reserved, now);
        // A snapshot that the prices do not know by its own name is priced as what was asked for.
        var name = book.TryResolve(call.Provider, call.Name, at, out _) ? call.Name : reserved.Name;
        return Found(Price(book, call, name, policy, at), call);
    }

    private PricedCall Price(PriceBook book, Call call, string model, UnknownModelPolicy policy, DateTimeOffset now) =>
        book.Price(policy, options.Value.UnknownModels, call.Provider, model, now, call.Usage, CallTerms.EnforcedFor(call));

    private static PricedUsage? Found(PricedCall priced, Call call) =>
        priced.IsPriced ? new PricedUsage(priced.Cost, priced.RecordOn(call)) : null;

    private PriceBook? Version(string? version) => version is null ? null : Array.Find(newestFirst, book => book.Version == version);

    private PriceBook Newest()
    {
        var current = prices.Current;
        if (newestFirst is [var first, ..] && ReferenceEquals(first, current))
            return current;
        lock (gate)
        {
            newestFirst = [current, .. newestFirst.Where(book => book.Version != current.Version).Take(MaxVersions - 1)];
        }

        return current;
    }
}
