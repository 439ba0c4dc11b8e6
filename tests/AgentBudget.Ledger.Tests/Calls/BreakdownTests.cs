using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class BreakdownTests
{
    [Fact]
    public void Breakdown_ModelAndToolOfOneName_AreTwo()
    {
        var breakdown = Breakdown.Empty.Add(Call.Model("x"), Usd("1")).Add(Call.Tool("x"), Usd("2"));
        Assert.Equal((Usd("1"), 1L), breakdown.Sum(CallKind.Model));
        Assert.Equal((Usd("2"), 1L), breakdown.Sum(CallKind.Tool));
        Assert.Equal((Usd("3"), 2L), breakdown.Sum(null));
    }

    [Fact]
    public void Breakdown_Usage_IsSummedByModel()
    {
        var call = Call.Model("x") with
        {
            Usage = new TokenUsage(10, 5)
            {
                CacheRead = 3,
                Reasoning = 2,
                InputImage = 7,
                OutputImage = 1,
            },
        };
        var category = Assert.Single(Breakdown.Empty.Add(call, Usd("1")).Add(call, Usd("1")).Categories);
        Assert.Equal(
            new TokenUsage(20, 10)
            {
                CacheRead = 6,
                Reasoning = 4,
                InputImage = 14,
                OutputImage = 2,
            },
            category.Usage
        );
    }

    [Fact]
    public void Breakdown_HowMoneyIsKnown_AddsUpToTheTotalWithCorrectionsAndChildren()
    {
        var guessed = Call.Model("x") with { Source = CostSource.Estimated };
        var child = Breakdown.Empty.Add(Call.Model("x") with { Source = CostSource.Reserved }, Usd("4"));
        var breakdown = Breakdown.Empty.Add(Call.Model("x"), Usd("1")).Add(guessed, Usd("2")).Correct(guessed, Usd("-0.50")).Add(child);

        Assert.Equal(Usd("1"), breakdown.KnownFrom(CostSource.Provider));
        Assert.Equal(Usd("0"), breakdown.KnownFrom(CostSource.Partial));
        Assert.Equal(Usd("1.50"), breakdown.KnownFrom(CostSource.Estimated));
        Assert.Equal(Usd("4"), breakdown.KnownFrom(CostSource.Reserved));
        Assert.Equal(Usd("6.50"), breakdown.Total);
    }

    [Fact]
    public void Breakdown_BeyondTheBound_IsSummedAsOther()
    {
        var breakdown = Breakdown.Empty;
        for (var i = 0; i < Bounds.Categories + 50; i++)
            breakdown = breakdown.Add(Call.Tool($"tool-{i}"), Usd("0.01"));
        breakdown = breakdown.Add(Call.Model("late"), Usd("0.07"));
        Assert.Equal(Bounds.Categories + 2, breakdown.Categories.Count);
        Assert.Equal(Usd("0.50"), breakdown.TotalOf(CallKind.Tool, Breakdown.OtherName));
        Assert.Equal(Usd("0.07"), breakdown.TotalOf(CallKind.Model, "late"));
        Assert.Equal(Usd("0.01") + Usd("1.84"), breakdown.Add(Call.Tool("tool-0"), Usd("0.00")).Total);
    }

    [Fact]
    public void Breakdown_OfAChild_IsAddedCategoryByCategory()
    {
        var child = Breakdown.Empty.Add(Call.Tool("a"), Usd("1")).Add(Call.Tool("b"), Usd("2"));
        var sum = Breakdown.Empty.Add(Call.Tool("b"), Usd("3")).Add(child);
        Assert.Equal((Usd("1"), Usd("5"), 3L), (sum.TotalOf(CallKind.Tool, "a"), sum.TotalOf(CallKind.Tool, "b"), sum.Sum(null).Calls));
    }
}
