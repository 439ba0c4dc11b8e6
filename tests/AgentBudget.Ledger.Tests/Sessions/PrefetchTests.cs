namespace AgentBudget.Ledger.Tests.Sessions;

/// <summary>Memory that is asked for ahead: a hint, which no answer depends on.</summary>
public sealed class PrefetchTests
{
    // Beyond what is fetched of the breakdown, and what the sense of loops remembers.
    private const int Calls = Bounds.LoopMemory + 45;

    [Fact]
    public void Ledger_ThatIsAskedAhead_DecidesAsOneThatIsNot()
    {
        var (asked, plain) = (new SessionShell(), new SessionShell());
        asked.Ledger.Prefetch();
        foreach (var command in Commands())
        {
            asked.Ledger.Prefetch();
            Assert.Equal(plain.Run(command), asked.Run(command));
        }

        asked.Reload();
        asked.Ledger.Prefetch();
        Assert.Equal(plain.Standing, asked.Standing);
        Assert.Equal(plain.Head.Breakdown.Categories, asked.Head.Breakdown.Categories);
    }

    [Fact]
    public void Hint_ForAPlaceThatIsNowhere_DoesNothing()
    {
        var numbers = new[] { 1L, 2L, 3L };
        Prefetcher.Fetch(null, 3);
        Prefetcher.Fetch(numbers, -1_000_000_000, 1);
        Prefetcher.Fetch(numbers, 1_000_000_000, 5);
        Prefetcher.FetchAll(Array.Empty<long>());
        Prefetcher.FetchAll(numbers);
        Assert.Equal([1, 2, 3], numbers);
    }

    private static IEnumerable<SessionCommand> Commands()
    {
        yield return new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.Parse("10.00") } };
        for (var i = 0; i < Calls; i++)
            yield return new ChargeCommand
            {
                Cost = Money.FromNanoDollars(1_000 + i),
                Call = (i % 2 == 0 ? Call.Tool($"tool-{i % 30}", $$"""{"page":{{i}}}""") : Call.Model("gpt-5")) with
                {
                    Usage = i % 2 == 0 ? default : new TokenUsage(100, i),
                },
                Key = $"key-{i}",
                IsKeyFresh = true,
            };
        yield return new ReserveCommand { Amount = Money.Parse("1.00"), Call = Call.Model("gpt-5") };
    }
}
