using F = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.Call>;
using FCategory = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.CategoryTotal>;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>Calls, and what they add up to.</summary>
internal static class CallForms
{
    public static readonly StoredForm<Call> Call = new(
        () => new Call { Name = "" },
        F.Number("kind", call => (long)call.Kind, (call, value) => call with { Kind = (CallKind)value }),
        F.Text("name", call => call.Name, (call, value) => call with { Name = value }),
        F.Text("provider", call => call.Provider, (call, value) => call with { Provider = value }),
        F.Text("agent", call => call.Agent, (call, value) => call with { Agent = value }),
        F.Number("fingerprint", call => (long)call.Fingerprint, (call, value) => call with { Fingerprint = (ulong)value }),
        F.Rare(call => call.Tokens is not null, F.Usage(call => call.Usage, (call, value) => call with { Usage = value })),
        F.Rare(
            call => call.HasPrice,
            F.Text("price_row", call => call.PriceRow, (call, value) => call with { PriceRow = value }),
            F.Text("price_table", call => call.PriceTableVersion, (call, value) => call with { PriceTableVersion = value }),
            F.Number("source", call => (long)call.Source, (call, value) => call with { Source = (CostSource)value })
        ),
        F.Rare(
            call => call.HasDetails,
            F.Number("sketch", call => (long)call.Sketch, (call, value) => call with { Sketch = (ulong)value }),
            F.Number("result", call => (long)call.Result, (call, value) => call with { Result = (ulong)value }),
            F.Flag("failed", call => call.Failed, (call, value) => call with { Failed = value }),
            F.Flag("changes", call => call.Changes, (call, value) => call with { Changes = value }),
            F.Flag("after_user", call => call.AfterUser, (call, value) => call with { AfterUser = value }),
            F.Text("service_tier", call => call.ServiceTier, (call, value) => call with { ServiceTier = value }),
            F.Text("region", call => call.Region, (call, value) => call with { Region = value }),
            F.Text("speed", call => call.Speed, (call, value) => call with { Speed = value }),
            F.Flag("uncapped", call => call.IsUncapped, (call, value) => call with { IsUncapped = value }),
            // Numbers of zero are not written, and a table that says zero is not one that says nothing.
            F.Number(
                "table_nano_usd_plus_one",
                call => call.TableCost is { } cost ? cost.NanoDollars + 1 : 0,
                (call, value) => call with { TableCost = Money.FromNanoDollars(value - 1) }
            )
        )
    );

    public static readonly StoredForm<CategoryTotal> Category = new(
        () => new CategoryTotal(CallKind.Model, "", Money.Zero, 0),
        FCategory.Number("kind", category => (long)category.Kind, (category, value) => category with { Kind = (CallKind)value }),
        FCategory.Text("name", category => category.Name, (category, value) => category with { Name = value }),
        FCategory.Number(
            "total_nano_usd",
            category => category.Total.NanoDollars,
            (category, value) => category with { Total = Money.FromNanoDollars(value) }
        ),
        FCategory.Number("calls", category => category.Calls, (category, value) => category with { Calls = value }),
        FCategory.Rare(
            category => category.Tokens is not null,
            FCategory.Usage(category => category.Usage, (category, value) => category with { Usage = value })
        ),
        FCategory.Rare(
            category => category.HasGuesses,
            FCategory.Number(
                "partial_nano_usd",
                category => category.Partial.NanoDollars,
                (category, value) => category with { Partial = Money.FromNanoDollars(value) }
            ),
            FCategory.Number(
                "estimated_nano_usd",
                category => category.Estimated.NanoDollars,
                (category, value) => category with { Estimated = Money.FromNanoDollars(value) }
            ),
            FCategory.Number(
                "reserved_nano_usd",
                category => category.Reserved.NanoDollars,
                (category, value) => category with { Reserved = Money.FromNanoDollars(value) }
            )
        )
    );
}
