using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>Sessions with the same options keep one object, however often the options were made.</summary>
public sealed class SessionOptionsPoolTests
{
    private readonly SessionOptionsPool pool = new();

    [Fact]
    public void Share_OptionsThatSayTheSame_GivesOneObject()
    {
        var first = pool.Share(Made());
        Assert.Same(first, pool.Share(Made()));
        Assert.Same(first, pool.Share(first));
    }

    [Fact]
    public void Share_OptionsThatDiffer_GivesTheirOwn()
    {
        pool.Share(Made());
        var other = Made() with { Tags = new Dictionary<string, string> { ["team"] = "b" } };
        Assert.Same(other, pool.Share(other));
    }

    private static BudgetSessionOptions Made() =>
        new()
        {
            Budget = Money.Parse("5"),
            SoftLimits = [0.5m, 0.9m],
            Tags = new Dictionary<string, string> { ["team"] = "a" },
        };
}
