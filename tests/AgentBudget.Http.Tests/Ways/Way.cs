using FakeProvider;

namespace AgentBudget.Http.Tests.Ways;

/// <summary>A way in which a program calls a model, under a session's budget.</summary>
public abstract class Way
{
    public abstract string Name { get; }

    public abstract string Model { get; }

    /// <summary>How many attempts it makes of a call that fails in a way that may pass.</summary>
    public abstract int Attempts { get; }

    /// <summary>Asks, with a cap on the answer where one is given.</summary>
    public abstract Task<string> AskAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken);

    /// <summary>Asks for a stream.</summary>
    public abstract IAsyncEnumerable<string> StreamAsync(
        BudgetSession session,
        Uri provider,
        int? cap,
        CancellationToken cancellationToken
    );

    /// <summary>What the model calls the tool of <see cref="LoopAsync"/>.</summary>
    public virtual string Tool => "search";

    /// <summary>Runs an agent whose model calls a tool again and again, until it is stopped.</summary>
    /// <returns>Why its turn ended, where that is told in order.</returns>
    public abstract Task<string?> LoopAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken);

    public override string ToString() => Name;

    /// <summary>What the provider bills for the way's model, as the price table has it.</summary>
    public ProviderRates Rates
    {
        get
        {
            Assert.True(PriceBook.Embedded.TryResolve(null, Model, DateTimeOffset.UtcNow, out var row));
            var input = row.Rates[RateDimension.Input]!.Value;
            return new ProviderRates
            {
                Input = input,
                Cached = row.Rates[RateDimension.CacheRead] ?? input,
                CacheWrite = row.Rates[RateDimension.CacheWrite] ?? input,
                Output = row.Rates[RateDimension.Output]!.Value,
            };
        }
    }
}
