using AgentBudget.Billing.Customers;
using AgentBudget.Billing.Sinks;
using Microsoft.Extensions.Configuration;

namespace AgentBudget.Billing.Tests.Customers;

/// <summary>Tenants that configuration cannot hold as keys: named at the start, and held by a file.</summary>
public sealed class CustomerKeysTests : IDisposable
{
    private const string Customers = "AgentBudget:Billing:Exports:0:Customers:";

    private readonly string file = Path.GetTempFileName();

    [Fact]
    public void Colon_InATenantsPath_IsNamedWithTheMend()
    {
        var problem = Problem([(Customers + "acme:eu", "cus_1")]);
        Assert.Contains("Exports:0:Customers has 'acme:eu'", problem);
        Assert.Contains("CustomersFile", problem);
    }

    [Fact]
    public void Tenants_ThatDifferInTheirCaseAlone_AreNamedWithTheMend()
    {
        var problem = Problem([(Customers + "Acme", "cus_1")], [(Customers + "acme", "cus_2")]);
        Assert.Contains("'Acme' and 'acme'", problem);
        Assert.Contains("CustomersFile", problem);
    }

    [Fact]
    public void Tenants_ThatConfigurationCanHave_AreNoProblem() =>
        Assert.Null(Problem([(Customers + "acme/research", "cus_1"), (Customers + "~", "cus_2")], [(Customers + "~", "cus_3")]));

    [Fact]
    public void File_HasWhatConfigurationCannot()
    {
        File.WriteAllText(file, """{"acme:eu":"cus_1","Acme":"cus_2","acme":"cus_3"}""");
        var export = Export();
        export.Validate();
        var table = SinkMaker.CustomersOf(export);
        Assert.Equal(("cus_1", "cus_2"), (table.Find("acme:eu/x"), table.Find("Acme")));
        Assert.Equal(("cus_3", "cus_4"), (table.Find("acme/y"), table.Find("beta")));
    }

    [Theory]
    [InlineData("""{"acme":"cus_1","acme":"cus_2"}""", "acme")]
    [InlineData("""{"beta":"cus_1"}""", "'beta', which Customers has as well")]
    [InlineData("""{"a//b":"cus_1"}""", "'a//b'")]
    [InlineData("""{"acme":7}""", "no JSON object of texts")]
    [InlineData("[]", "no JSON object of texts")]
    [InlineData("""{"acme":""}""", "Customers:acme")]
    public void File_ThatIsNoGood_SaysWhy(string text, string said)
    {
        File.WriteAllText(file, text);
        Assert.Contains(said, Assert.Throws<ArgumentException>(Export().Validate).Message);
    }

    [Fact]
    public void File_ThatIsNotThere_SaysSo()
    {
        File.Delete(file);
        Assert.Contains("CustomersFile", Assert.Throws<ArgumentException>(Export().Validate).Message);
    }

    public void Dispose() => File.Delete(file);

    private BillingExportOptions Export() =>
        new()
        {
            Path = "a",
            CustomersFile = file,
            Customers = { ["beta"] = "cus_4" },
        };

    private static string? Problem(params (string Key, string Value)[][] sources)
    {
        var builder = new ConfigurationBuilder();
        foreach (var source in sources)
            builder.AddInMemoryCollection(source.ToDictionary(one => one.Key, string? (one) => one.Value));
        return Record.Exception(() => CustomerKeys.Validate(builder.Build(), "AgentBudget:Billing"))?.Message;
    }
}
