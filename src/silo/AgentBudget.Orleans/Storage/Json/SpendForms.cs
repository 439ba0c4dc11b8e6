using FName = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.NamedSum>;
using FRun = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.RunSum>;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>What was spent under names, and what runs cost.</summary>
internal static class SpendForms
{
    public static readonly StoredForm<NamedSum> Name = new(
        () =>
            new NamedSum
            {
                Quarter = 0,
                By = default,
                Name = "",
                Amount = Money.Zero,
            },
        FName.Number("quarter", sum => sum.Quarter, (sum, value) => sum with { Quarter = value }),
        FName.Number("by", sum => (long)sum.By, (sum, value) => sum with { By = (SpendBy)value }),
        FName.Text("tag", sum => sum.Tag, (sum, value) => sum with { Tag = value }),
        FName.Text("name", sum => sum.Name, (sum, value) => sum with { Name = value }),
        FName.Number("amount_nano_usd", sum => sum.Amount.NanoDollars, (sum, value) => sum with { Amount = Money.FromNanoDollars(value) }),
        FName.Number("calls", sum => sum.Calls, (sum, value) => sum with { Calls = value })
    );

    public static readonly StoredForm<RunSum> Run = new(
        () =>
            new RunSum
            {
                Quarter = 0,
                Bucket = 0,
                Runs = 0,
                Cost = Money.Zero,
            },
        FRun.Number("quarter", run => run.Quarter, (run, value) => run with { Quarter = value }),
        FRun.Text("agent", run => run.Agent, (run, value) => run with { Agent = value }),
        FRun.Number("bucket", run => run.Bucket, (run, value) => run with { Bucket = (int)value }),
        FRun.Number("runs", run => run.Runs, (run, value) => run with { Runs = value }),
        FRun.Number("cost_nano_usd", run => run.Cost.NanoDollars, (run, value) => run with { Cost = Money.FromNanoDollars(value) }),
        FRun.Number("stopped", run => run.Stopped, (run, value) => run with { Stopped = value })
    );
}
