using F = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.Entry>;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>What of an entry does not stand in columns of its own.</summary>
internal static class EntryForms
{
    public static readonly StoredForm<Entry> Entry = new(
        () => new Entry(),
        F.Part("call", CallForms.Call, entry => entry.Call, (entry, value) => entry with { Call = value }),
        F.Text("child", entry => entry.Child, (entry, value) => entry with { Child = value }),
        F.Number(
            "expires_at",
            entry => entry.ExpiresAt?.UtcTicks ?? 0,
            (entry, value) => entry with { ExpiresAt = LedgerJson.Time(value) }
        ),
        F.Rare(
            entry => entry.HasConsequences,
            F.Number("signals", entry => (long)entry.Signals, (entry, value) => entry with { Signals = (EntrySignals)value }),
            F.Number("soft_limits", entry => entry.SoftLimitsCrossed, (entry, value) => entry with { SoftLimitsCrossed = (int)value }),
            F.Number("would_refuse", entry => (long)entry.WouldRefuse, (entry, value) => entry with { WouldRefuse = (RefusalReason)value }),
            F.Number("open_reason", entry => (long)entry.OpenReason, (entry, value) => entry with { OpenReason = (OpenReason)value }),
            F.Number("pause_source", entry => (long)entry.PauseSource, (entry, value) => entry with { PauseSource = (PauseSources)value }),
            F.Number("end", entry => (long)entry.End, (entry, value) => entry with { End = (EndReason)value }),
            F.Number(
                "breaker_after",
                entry => (long)entry.After.Breaker.OpenReason,
                (entry, value) => After(entry, entry.After.Breaker with { OpenReason = (OpenReason)value })
            ),
            F.Number(
                "paused_after",
                entry => (long)entry.After.Breaker.PausedBy,
                (entry, value) => After(entry, entry.After.Breaker with { PausedBy = (PauseSources)value })
            ),
            F.Number(
                "end_after",
                entry => (long)entry.After.End,
                (entry, value) => entry with { After = entry.After with { End = (EndReason)value } }
            )
        ),
        F.Rare(
            entry => entry.HasParts,
            F.Text("reason", entry => entry.Reason, (entry, value) => entry with { Reason = value }),
            F.List(
                "breakdown",
                CallForms.Category,
                entry => entry.Breakdown?.Categories,
                (entry, value) => entry with { Breakdown = Breakdown.From(value) }
            ),
            F.List(
                "spend_by_then",
                CallForms.Category,
                entry => entry.SpendByThen?.Categories,
                (entry, value) => entry with { SpendByThen = Breakdown.From(value) }
            ),
            F.Part("loop", LoopForms.Evidence, entry => entry.Loop, (entry, value) => entry with { Loop = value }),
            F.Part("options", OptionsForm.Options, entry => entry.Options, (entry, value) => entry with { Options = value }),
            F.Part("holder", HolderForms.Change, entry => entry.Holder, (entry, value) => entry with { Holder = value }),
            F.Part("link", HolderForms.Link, entry => entry.Link, (entry, value) => entry with { Link = value }),
            F.Part("intent", HolderForms.Intent, entry => entry.Intent, (entry, value) => entry with { Intent = value }),
            F.Part("tenant", TenantForms.State, entry => entry.Tenant, (entry, value) => entry with { Tenant = value }),
            F.Text("by", entry => entry.By, (entry, value) => entry with { By = value }),
            F.Number("window", entry => (long)entry.Window, (entry, value) => entry with { Window = (WindowKind)value })
        )
    );

    private static Entry After(Entry entry, BreakerStatus breaker) => entry with { After = entry.After with { Breaker = breaker } };
}
