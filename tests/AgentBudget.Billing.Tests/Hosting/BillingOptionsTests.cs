namespace AgentBudget.Billing.Tests.Hosting;

public sealed class BillingOptionsTests
{
    [Theory]
    [InlineData("Name", "", null, null, "c")]
    [InlineData("Name", "a b", null, null, "c")]
    [InlineData("Url", "a", "example.com", "k", "c")]
    [InlineData("https://", "a", "http://example.com", "k", "c")]
    [InlineData("Key", "a", null, "k k", "c")]
    [InlineData("DefaultCustomer", "a", null, null, "")]
    [InlineData("Customers", "a", null, null, null)]
    public void Export_ThatIsWrong_SaysWhatAndTheMend(string said, string name, string? url, string? key, string? customer)
    {
        var export = new BillingExportOptions
        {
            Name = name,
            To = BillingTarget.OpenMeter,
            Url = url,
            Key = key,
            DefaultCustomer = customer,
        };
        Assert.Contains(said, Assert.Throws<ArgumentException>(export.Validate).Message);
    }

    [Theory]
    [InlineData("https://example.com", "key")]
    [InlineData("http://127.0.0.1:8888", "key")]
    [InlineData("http://openmeter.internal:8888", null)]
    [InlineData(null, null)]
    public void Export_ThatIsRight_IsTaken(string? url, string? key) =>
        new BillingExportOptions
        {
            To = BillingTarget.OpenMeter,
            Url = url,
            Key = key,
            Customers = { ["acme/research"] = "cus_1", ["~"] = "cus_2" },
        }.Validate();

    [Fact]
    public void Customers_OfWhatIsNoTenant_AreRefused() =>
        Assert.Contains("'acme//x'", Message(new BillingExportOptions { Path = "a", Customers = { ["acme//x"] = "cus_1" } }));

    [Fact]
    public void Stripe_WithoutAKey_IsRefused() =>
        Assert.Contains("Key is missing", Message(new BillingExportOptions { To = BillingTarget.Stripe, DefaultCustomer = "cus_1" }));

    [Fact]
    public void Lines_WithoutAFile_AreRefused() => Assert.Contains("Path", Message(new BillingExportOptions()));

    [Fact]
    public void Exports_OfOneName_AreRefused()
    {
        var options = new BillingOptions { Exports = { Lines(), Lines() } };
        Assert.Contains("two of the name 'default'", Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Fact]
    public async Task Silo_WithAnExportThatIsWrong_DoesNotStart()
    {
        await using var world = new BillingWorld();
        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() =>
            world.StartAsync(new BillingExportOptions { Name = "bad name" })
        );
        Assert.Contains("Name of an export", refused.Message);
    }

    private static BillingExportOptions Lines() => new() { Path = "a" };

    private static string Message(BillingExportOptions export) => Assert.Throws<ArgumentException>(export.Validate).Message;
}
