using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.PostgreSql.Reading;

/// <summary>Which columns heads and entries are read from, in the order of <see cref="LedgerRows"/>.</summary>
internal static class LedgerColumns
{
    public const string EntryColumns = """
        e.sequence, e.at, e.kind, e.key, e.body_hash, e.amount_nano_usd, e.requested_nano_usd, e.related,
        e.budget_after_nano_usd, e.spent_after_nano_usd, e.reserved_after_nano_usd, e.detail
        """;

    public const string HeadColumns = """
        l.ledger_id, h.sequence, h.budget_nano_usd, h.spent_nano_usd, h.reserved_nano_usd, h.open_reason, h.paused_by, h.end_reason,
        l.opened_at, h.last_entry_at, h.last_activity_at, h.ended_at, l.options, h.detail
        """;
}
