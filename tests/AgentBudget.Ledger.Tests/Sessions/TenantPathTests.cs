namespace AgentBudget.Ledger.Tests;

public sealed class TenantPathTests
{
    private static readonly string Longest = new('a', Bounds.IdLength);

    public static TheoryData<string> Paths => new("a", "acme/research/alice", "a/b/c/d/e/f/g/h", "Acme-1.x:y_z/0", Longest);

    [Theory, MemberData(nameof(Paths))]
    public void Parse_APath_IsThatPath(string text) => Assert.Equal(text, TenantPath.Parse(text).ToString());

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("", "is missing")]
    [InlineData("/", "has an empty name")]
    [InlineData("/acme", "has an empty name")]
    [InlineData("acme/", "has an empty name")]
    [InlineData("acme//research", "has an empty name")]
    [InlineData("a/b/c/d/e/f/g/h/i", "has 9 names")]
    [InlineData("a b", "holds something else")]
    [InlineData("~acme", "holds something else")]
    [InlineData("acme\\research", "holds something else")]
    [InlineData("àcme", "holds something else")]
    public void Parse_SomethingElse_SaysWhatIsWrongAndWhatWouldBeRight(string? text, string problem)
    {
        var exception = Assert.Throws<FormatException>(() => TenantPath.Parse(text!));
        Assert.StartsWith("The tenant's path " + problem, exception.Message, StringComparison.Ordinal);
        Assert.Contains("such as acme/research", exception.Message, StringComparison.Ordinal);
        Assert.False(TenantPath.TryParse(text, out var path, out _));
        Assert.Null(path);
    }

    [Fact]
    public void Parse_OneCharacterTooMany_IsRefused() =>
        Assert.Contains(
            "has 129 characters",
            Assert.Throws<FormatException>(() => TenantPath.Parse(Longest + "a")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Paths_OfTheSameText_AreEqualAndCaseCounts()
    {
        Assert.Equal(TenantPath.Parse("acme/x"), TenantPath.Parse("acme/x"));
        Assert.NotEqual(TenantPath.Parse("acme"), TenantPath.Parse("Acme"));
    }

    [Fact]
    public void Parent_UpToTheTop_TakesOneNameAway()
    {
        var path = TenantPath.Parse("acme/research/alice");
        Assert.Equal((3, "acme/research"), (path.Depth, path.Parent?.ToString()));
        Assert.Equal((1, null), (path.Parent!.Parent!.Depth, path.Parent.Parent.Parent));
    }

    [Theory]
    [InlineData("acme", "acme", true)]
    [InlineData("acme/research", "acme", true)]
    [InlineData("acme/research/alice", "acme", true)]
    [InlineData("acme-corp", "acme", false)]
    [InlineData("acme", "acme/research", false)]
    [InlineData("Acme/research", "acme", false)]
    public void IsWithin_ATenant_GoesByWholeNames(string path, string above, bool isWithin) =>
        Assert.Equal(isWithin, TenantPath.Parse(path).IsWithin(TenantPath.Parse(above)));
}
