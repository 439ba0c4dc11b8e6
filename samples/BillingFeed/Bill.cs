using System.Globalization;
using AgentBudget;

namespace BillingFeed;

/// <summary>Costs by tenant and model: a line each, of a bill that can be checked.</summary>
internal sealed class Bill
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Tenant, string Name), BillLine> lines = [];

    /// <summary>All of it.</summary>
    public Money Total => lines.Values.Aggregate(Money.Zero, (sum, line) => sum + line.Cost);

    /// <summary>What a tenant, and all below it, pay.</summary>
    public Money Of(TenantPath tenant) =>
        lines
            .Where(line => line.Key.Tenant.Length > 0 && TenantPath.Parse(line.Key.Tenant).IsWithin(tenant))
            .Aggregate(Money.Zero, (sum, line) => sum + line.Value.Cost);

    /// <summary>Adds a cost, once.</summary>
    public void Add(ChargeEvent charge)
    {
        // Delivery is at least once. A bill of more than a day drops by id as well, and keeps the ids in its own database.
        if (!seen.Add(charge.Id))
            return;
        var key = (charge.Origin.Tenant?.ToString() ?? "", charge.Call.Name);
        var line = lines.GetValueOrDefault(key) ?? new BillLine();
        var isCorrection = charge is ChargeCorrectedEvent;
        lines[key] = line with
        {
            // What is corrected was counted when it came.
            Calls = line.Calls + (isCorrection ? 0 : 1),
            Input = line.Input + (isCorrection ? 0 : charge.Call.Usage.Input),
            Output = line.Output + (isCorrection ? 0 : charge.Call.Usage.Output),
            Cost = line.Cost + charge.Cost,
            Corrected = line.Corrected + (isCorrection ? charge.Cost : Money.Zero),
            Late = line.Late + (charge is LateChargeEvent ? charge.Cost : Money.Zero),
        };
    }

    /// <summary>Writes the table.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(Row("tenant", "model or tool", "calls", "input", "output", "cost", "corrected", "late"));
        foreach (var ((tenant, name), line) in lines)
            output.WriteLine(
                Row(
                    tenant.Length == 0 ? "(none)" : tenant,
                    name,
                    Text(line.Calls),
                    Text(line.Input),
                    Text(line.Output),
                    line.Cost.ToString(),
                    Text(line.Corrected),
                    Text(line.Late)
                )
            );
        output.WriteLine(Row("total", "", "", "", "", Total.ToString(), "", ""));
    }

    private static string Row(
        string tenant,
        string name,
        string calls,
        string input,
        string output,
        string cost,
        string corrected,
        string late
    ) => $"{tenant, -15} {name, -18} {calls, 6} {input, 9} {output, 8} {cost, 14} {corrected, 12} {late, 10}".TrimEnd();

    private static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(Money amount) => amount == Money.Zero ? "" : amount.ToString();
}

/// <summary>A line of the bill.</summary>
internal sealed record BillLine
{
    public long Calls { get; init; }

    public long Input { get; init; }

    public long Output { get; init; }

    /// <summary>What is to be paid: late costs and corrections are in it.</summary>
    public Money Cost { get; init; }

    /// <summary>What of that are corrections, signed.</summary>
    public Money Corrected { get; init; }

    /// <summary>What of that came late.</summary>
    public Money Late { get; init; }
}
