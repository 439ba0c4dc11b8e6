using AgentBudget.Billing.Customers;

namespace AgentBudget.Billing.Tests.Customers;

public sealed class CustomerTableTests
{
    private static readonly Dictionary<string, string> Some = new()
    {
        ["acme"] = "cus_acme",
        ["acme/research"] = "cus_research",
        ["~"] = "cus_nobody",
    };

    [Theory]
    [InlineData("acme", "cus_acme")]
    [InlineData("acme/sales", "cus_acme")]
    [InlineData("acme/sales/eu", "cus_acme")]
    [InlineData("acme/research/alice", "cus_research")]
    [InlineData("acme2", null)]
    [InlineData("beta", null)]
    [InlineData(null, "cus_nobody")]
    public void Tenant_IsPaidForByTheNearestAbove(string? tenant, string? customer) =>
        Assert.Equal(customer, new CustomerTable(Some, null, mayBeThemselves: true).Find(tenant));

    [Fact]
    public void Tenant_OfNobody_IsPaidForByTheDefault() =>
        Assert.Equal("cus_all", new CustomerTable(Some, "cus_all", mayBeThemselves: false).Find("beta"));

    [Fact]
    public void Tenants_WithoutATable_AreThemselvesWhereThatMayBe()
    {
        var lines = new CustomerTable(new Dictionary<string, string>(), null, mayBeThemselves: true);
        Assert.Equal("acme/sales", lines.Find("acme/sales"));
        Assert.Null(lines.Find(null));
        Assert.True(lines.MayBeNobody);
        Assert.False(new CustomerTable(Some, null, mayBeThemselves: true).MayBeNobody);
    }
}
