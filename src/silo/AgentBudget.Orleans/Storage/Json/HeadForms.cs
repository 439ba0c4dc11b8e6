using F = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.SessionHead>;
using FChild = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.ChildAccount>;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>What of a head changes and does not stand in columns of its own.</summary>
internal static class HeadForms
{
    public static readonly StoredForm<ChildAccount> Child = new(
        () => new ChildAccount { Name = "" },
        FChild.Text("name", child => child.Name, (child, value) => child with { Name = value }),
        FChild.Number("kind", child => (long)child.Kind, (child, value) => child with { Kind = (ChildKind)value }),
        FChild.Number("opened", child => child.OpenedSequence, (child, value) => child with { OpenedSequence = value }),
        FChild.Number("opened_at", child => child.OpenedAt.UtcTicks, (child, value) => child with { OpenedAt = LedgerJson.Time(value) }),
        FChild.Number(
            "closed_at",
            child => child.ClosedAt?.UtcTicks ?? 0,
            (child, value) => child with { ClosedAt = LedgerJson.Time(value) }
        ),
        FChild.Number(
            "carved_nano_usd",
            child => child.Carved.NanoDollars,
            (child, value) => child with { Carved = Money.FromNanoDollars(value) }
        ),
        FChild.Number(
            "spent_nano_usd",
            child => child.Spent.NanoDollars,
            (child, value) => child with { Spent = Money.FromNanoDollars(value) }
        ),
        FChild.List(
            "breakdown",
            CallForms.Category,
            child => Some(child.Breakdown.Categories),
            (child, value) => child with { Breakdown = Breakdown.From(value) }
        )
    );

    public static readonly StoredForm<SessionHead> Head = new(
        () => new SessionHead { SessionId = "" },
        F.Number("opened_body_hash", head => head.OpenedBodyHash, (head, value) => head with { OpenedBodyHash = value }),
        F.Flag("hard_limit_fired", head => head.HardLimitFired, (head, value) => head with { HardLimitFired = value }),
        F.Number("first_soft_limit", head => head.FirstSoftLimitSequence, (head, value) => head with { FirstSoftLimitSequence = value }),
        F.Number("breaker_opened", head => head.BreakerOpenedSequence, (head, value) => head with { BreakerOpenedSequence = value }),
        F.Number("last_related", head => head.LastRelatedSequence, (head, value) => head with { LastRelatedSequence = value }),
        F.Number("last_event", head => head.LastEventSequence, (head, value) => head with { LastEventSequence = value }),
        F.Text("price_table", head => head.PriceTableVersion, (head, value) => head with { PriceTableVersion = value }),
        F.List(
            "breakdown",
            CallForms.Category,
            head => Some(head.Breakdown.Categories),
            (head, value) => head with { Breakdown = Breakdown.From(value) }
        ),
        F.List("children", Child, head => Some(head.Children), (head, value) => head with { Children = value }),
        F.Number("children_total", head => head.ChildrenTotal, (head, value) => head with { ChildrenTotal = value }),
        F.Part("link", HolderForms.Link, head => head.Link, (head, value) => head with { Link = value }),
        F.List("intents", HolderForms.Intent, head => Some(head.Intents), (head, value) => head with { Intents = value }),
        F.Number("open_holders", head => head.OpenHolders, (head, value) => head with { OpenHolders = (int)value }),
        F.Number("hold_number", head => head.HoldNumber, (head, value) => head with { HoldNumber = value }),
        F.Part("tenant", TenantForms.State, head => head.Tenant, (head, value) => head with { Tenant = value })
    );

    private static IReadOnlyList<T>? Some<T>(IReadOnlyList<T> list) => list.Count == 0 ? null : list;
}
