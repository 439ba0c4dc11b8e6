using System.Text.Json;
using AgentBudget.Ledger;
using AgentBudget.Webhooks.Endpoints;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Architecture.Tests;

/// <summary>The schemas and the page of events are those of the code. <c>AGENTBUDGET_FREEZE=1</c> writes them.</summary>
public sealed class EventPageTests
{
    private const string Page = "docs/events.md";
    private const string Begin = "<!-- written from the code: begin -->\n";
    private const string End = "<!-- written from the code: end -->";

    private static bool Writes => Environment.GetEnvironmentVariable("AGENTBUDGET_FREEZE") == "1";

    public static TheoryData<string> Types => new(EventTypes.All.Select(type => type.Name));

    [Theory, MemberData(nameof(Types))]
    public void Schema_OfEachType_StandsInTheRepository(string name)
    {
        var type = EventTypes.Find(name)!;
        var path = Path.Combine(Repository.Root, "docs", "events", $"{name}.v{type.Version}.json");
        if (Writes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, EventSchemas.Of(type));
        }

        Assert.Equal(EventSchemas.Of(type), File.ReadAllText(path));
    }

    // It is of no ledger, and written by hand.
    [Fact]
    public void Schema_OfADisabledEndpoint_SaysWhatIsPosted()
    {
        var endpoint = new StoredEndpoint
        {
            Id = "hook",
            Url = "",
            Secret = "",
            Reason = "it answered 410",
        };
        using var posted = JsonDocument.Parse(EventPosts.OfDisabled(endpoint, DateTimeOffset.UnixEpoch).Body);
        using var schema = JsonDocument.Parse(Repository.Read("docs/events/webhook.disabled.v1.json"));
        var names = posted.RootElement.GetProperty("data").EnumerateObject().Select(property => property.Name).ToArray();
        Assert.Equal("agentbudget.webhook.disabled", posted.RootElement.GetProperty("type").GetString());
        Assert.Equal(names, schema.RootElement.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal(names, schema.RootElement.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void Page_OfEvents_IsWrittenFromTheCode()
    {
        var page = Repository.Read(Page);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        if (Writes)
            File.WriteAllText(Path.Combine(Repository.Root, Page), page[..begin] + EventSchemas.Page() + page[end..]);
        Assert.Equal(EventSchemas.Page(), Repository.Read(Page)[begin..].Split(End)[0]);
    }
}
