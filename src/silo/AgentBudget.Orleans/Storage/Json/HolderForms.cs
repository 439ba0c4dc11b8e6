using FChange = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.HolderChange>;
using FIntent = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.Intent>;
using FLink = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.ParentLink>;
using FRow = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.HolderRow>;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>What stands between two ledgers.</summary>
internal static class HolderForms
{
    public static readonly StoredForm<Intent> Intent = new(
        () => new Intent { Sequence = 0, Kind = default },
        FIntent.Number("sequence", intent => intent.Sequence, (intent, value) => intent with { Sequence = value }),
        FIntent.Number("kind", intent => (long)intent.Kind, (intent, value) => intent with { Kind = (IntentKind)value }),
        FIntent.Text("key", intent => intent.Key, (intent, value) => intent with { Key = value }),
        FIntent.Number("body_hash", intent => intent.BodyHash, (intent, value) => intent with { BodyHash = value }),
        FIntent.Number(
            "amount_nano_usd",
            intent => intent.Amount.NanoDollars,
            (intent, value) => intent with { Amount = Money.FromNanoDollars(value) }
        ),
        FIntent.Number("end", intent => (long)intent.End, (intent, value) => intent with { End = (EndReason)value }),
        FIntent.Text("reason", intent => intent.Reason, (intent, value) => intent with { Reason = value }),
        FIntent.Number(
            "would_refuse",
            intent => (long)intent.WouldRefuse,
            (intent, value) => intent with { WouldRefuse = (RefusalReason)value }
        )
    );

    public static readonly StoredForm<ParentLink> Link = new(
        () =>
            new ParentLink
            {
                ParentId = "",
                ParentLife = 0,
                RowMark = 0,
            },
        FLink.Text("parent_id", link => link.ParentId, (link, value) => link with { ParentId = value }),
        FLink.Number("parent_life", link => link.ParentLife, (link, value) => link with { ParentLife = value }),
        FLink.Number("row_mark", link => link.RowMark, (link, value) => link with { RowMark = value }),
        FLink.Number(
            "granted_nano_usd",
            link => link.Granted.NanoDollars,
            (link, value) => link with { Granted = Money.FromNanoDollars(value) }
        ),
        FLink.Number(
            "given_back_nano_usd",
            link => link.GivenBack.NanoDollars,
            (link, value) => link with { GivenBack = Money.FromNanoDollars(value) }
        ),
        FLink.Number("hold_number", link => link.HoldNumber, (link, value) => link with { HoldNumber = value }),
        FLink.Number("epoch", link => link.Epoch, (link, value) => link with { Epoch = (int)value }),
        FLink.Number("acknowledged_through", link => link.AcknowledgedThrough, (link, value) => link with { AcknowledgedThrough = value }),
        FLink.Number("last_news", link => link.LastNews, (link, value) => link with { LastNews = value }),
        FLink.Flag("is_parent_gone", link => link.IsParentGone, (link, value) => link with { IsParentGone = value }),
        FLink.Number("policy", link => (long)link.Policy, (link, value) => link with { Policy = (HolderPolicy)value }),
        FLink.Number("stop_number", link => link.StopNumber, (link, value) => link with { StopNumber = value })
    );

    public static readonly StoredForm<HolderRow> Row = new(
        () => new HolderRow { Number = 0, HolderId = "" },
        FRow.Number("number", row => row.Number, (row, value) => row with { Number = value }),
        FRow.Text("holder_id", row => row.HolderId, (row, value) => row with { HolderId = value }),
        FRow.Number("holder_life", row => row.HolderLife, (row, value) => row with { HolderLife = value }),
        FRow.Number("opened_at", row => row.OpenedAt.UtcTicks, (row, value) => row with { OpenedAt = LedgerJson.Time(value) }),
        FRow.Number("closed_at", row => row.ClosedAt?.UtcTicks ?? 0, (row, value) => row with { ClosedAt = LedgerJson.Time(value) }),
        FRow.Number("end", row => (long)row.End, (row, value) => row with { End = (HolderEnd)value }),
        FRow.Number(
            "granted_nano_usd",
            row => row.Granted.NanoDollars,
            (row, value) => row with { Granted = Money.FromNanoDollars(value) }
        ),
        FRow.Number(
            "given_back_nano_usd",
            row => row.GivenBack.NanoDollars,
            (row, value) => row with { GivenBack = Money.FromNanoDollars(value) }
        ),
        FRow.Number(
            "spent_up_nano_usd",
            row => row.SpentUp.NanoDollars,
            (row, value) => row with { SpentUp = Money.FromNanoDollars(value) }
        ),
        FRow.Number(
            "corrected_down_nano_usd",
            row => row.CorrectedDown.NanoDollars,
            (row, value) => row with { CorrectedDown = Money.FromNanoDollars(value) }
        ),
        FRow.Number(
            "uncovered_nano_usd",
            row => row.Uncovered.NanoDollars,
            (row, value) => row with { Uncovered = Money.FromNanoDollars(value) }
        ),
        FRow.Number("reported_through", row => row.ReportedThrough, (row, value) => row with { ReportedThrough = value }),
        FRow.Number("epoch", row => row.Epoch, (row, value) => row with { Epoch = (int)value }),
        FRow.Part("options", OptionsForm.Options, row => row.Options, (row, value) => row with { Options = value }),
        FRow.Part("intent", Intent, row => row.Intent, (row, value) => row with { Intent = value }),
        FRow.Number("policy", row => (long)row.Policy, (row, value) => row with { Policy = (HolderPolicy)value }),
        FRow.Number("admitted_at", row => row.AdmittedAt?.UtcTicks ?? 0, (row, value) => row with { AdmittedAt = LedgerJson.Time(value) })
    );

    public static readonly StoredForm<HolderChange> Change = new(
        () =>
            new HolderChange
            {
                Row = new HolderRow { Number = 0, HolderId = "" },
            },
        FChange.Part("row", Row, change => change.Row, (change, value) => change with { Row = value }),
        FChange.Flag("was_open", change => change.WasOpen, (change, value) => change with { WasOpen = value }),
        FChange.Number(
            "set_aside_before_nano_usd",
            change => change.SetAsideBefore.NanoDollars,
            (change, value) => change with { SetAsideBefore = Money.FromNanoDollars(value) }
        ),
        FChange.Number(
            "spent_up_nano_usd",
            change => change.SpentUp.NanoDollars,
            (change, value) => change with { SpentUp = Money.FromNanoDollars(value) }
        ),
        FChange.Number(
            "corrected_down_nano_usd",
            change => change.CorrectedDown.NanoDollars,
            (change, value) => change with { CorrectedDown = Money.FromNanoDollars(value) }
        ),
        FChange.Number("hold_number", change => change.HoldNumber, (change, value) => change with { HoldNumber = value }),
        FChange.List(
            "by_quarter",
            TenantForms.Quarter,
            change => change.ByQuarter.Count == 0 ? null : change.ByQuarter,
            (change, value) => change with { ByQuarter = value }
        ),
        FChange.List(
            "by_name",
            SpendForms.Name,
            change => change.ByName.Count == 0 ? null : change.ByName,
            (change, value) => change with { ByName = value }
        ),
        FChange.List(
            "runs",
            SpendForms.Run,
            change => change.Runs.Count == 0 ? null : change.Runs,
            (change, value) => change with { Runs = value }
        )
    );
}
