namespace AgentBudget.Benchmarks.PostgreSql;

/// <summary>A budget as the tutorials of Orleans would have it: a grain, its state, and a write of the state for each charge.</summary>
public interface IStockBudget : IGrainWithStringKey
{
    /// <summary>Adds a cost if it fits.</summary>
    Task<bool> ChargeAsync(long nanoUsd);
}

/// <summary>Its state.</summary>
[GenerateSerializer]
public sealed class StockBudgetState
{
    /// <summary>What may be spent, in nano-dollars.</summary>
    [Id(0)]
    public long BudgetNanoUsd { get; set; } = 1_000_000_000_000_000;

    /// <summary>What was spent, in nano-dollars.</summary>
    [Id(1)]
    public long SpentNanoUsd { get; set; }

    /// <summary>How many charges there were.</summary>
    [Id(2)]
    public long Charges { get; set; }
}

internal sealed class StockBudgetGrain([PersistentState("budget", PostgreSqlSilo.StockStorage)] IPersistentState<StockBudgetState> state)
    : Grain,
        IStockBudget
{
    public async Task<bool> ChargeAsync(long nanoUsd)
    {
        if (state.State.SpentNanoUsd + nanoUsd > state.State.BudgetNanoUsd)
            return false;
        state.State.SpentNanoUsd += nanoUsd;
        state.State.Charges++;
        await state.WriteStateAsync();
        return true;
    }
}
