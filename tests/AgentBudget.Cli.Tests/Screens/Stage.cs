namespace AgentBudget.Cli.Tests.Screens;

/// <summary>What all commands are tried on: a ledger, a damaged one, price files, collections and recorded responses. Made once; each
/// screen has it as it was made, under the same paths.</summary>
public sealed class Stage : IAsyncLifetime
{
    /// <summary>An id that is longer than a narrow column.</summary>
    public const string LongId = "replay/trae-trae-gpt-4o-2025-11-05-17-16-42-vllm-core-0004";

    /// <summary>A tenant with limits, sessions and a history.</summary>
    public const string Tenant = "acme/research";

    /// <summary>An endpoint, with an attempt in its log.</summary>
    public const string Webhook = "billing-of-a-long-name-that-no-narrow-column-has-room-for";

    /// <summary>A secret that is nobody's.</summary>
    public const string Secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    // Sums with all the digits that money can have.
    private const string Dear = """
        {"format":1}
        {"t":0,"kind":"tool","tool":"a-dear-tool","recorded_cost_usd":123456.123456789}
        {"t":5,"kind":"tool","tool":"another-tool","recorded_cost_usd":654321.987654321}
        """;

    private readonly TempFolder folder = new();

    private string Made => Path.Combine(folder.Path, "made");

    private string Used => Path.Combine(folder.Path, "used");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Made);
        SmallCollections.Write(Made);
        Write("bad/ours.json", """{ "provider": "ours", "models": [ { "model": "m", "rows": [ { "sauce": "x" } ] } ] }""");
        Write("final.sse", Responses.Final);
        Write("cut.sse", Responses.Cut);
        Write("silent.json", Responses.Silent);
        Write("routed.json", Responses.WithItsCost);
        Write("advised.json", Responses.WithAnotherPart);
        Write("dear.jsonl", Dear);
        Write("key", "sk_test_of_nobody");
        await LedgerFixture.MakeAsync("sqlite:" + Path.Combine(Made, "ledger"));
        await MakeDamagedAsync();
        await FillAsync();
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The arguments, with <c>{name}</c> as a path on a fresh stage, and <c>{trace:name}</c> as a recorded run.</summary>
    public string[] Set(string[] arguments)
    {
        if (Directory.Exists(Used))
            Directory.Delete(Used, recursive: true);
        Copy(new DirectoryInfo(Made), Used);
        return [.. arguments.Select(Named)];
    }

    private string Named(string argument)
    {
        var start = argument.IndexOf('{', StringComparison.Ordinal);
        if (start < 0)
            return argument;
        var name = argument[(start + 1)..^1];
        var path = name.StartsWith("trace:", StringComparison.Ordinal) ? Tool.Sample(name["trace:".Length..]) : Path.Combine(Used, name);
        return argument[..start] + path;
    }

    private async Task FillAsync()
    {
        await using var budget = await LedgerFixture.StartAsync("sqlite:" + Path.Combine(Made, "ledger"));
        var options = new BudgetSessionOptions
        {
            Budget = Money.Parse("1234.567"),
            Tags = new Dictionary<string, string>
            {
                ["outlook"] = "stopped, expired or exhausted",
                ["purpose"] = "to see how a value with many words in it is laid out where there is little room",
            },
        };
        var session = await budget.OpenAsync(options, LongId, cancellationToken: TestContext.Current.CancellationToken);
        await session.ChargeAsync(
            Call.Model("a-model-with-a-long-name-2026-01-01"),
            Money.Parse("1"),
            TestContext.Current.CancellationToken
        );
        var dear = await budget.OpenAsync("$123456.123456789", "dear", cancellationToken: TestContext.Current.CancellationToken);
        await dear.Grain.ChargeAsync(new ChargeCommand { Cost = Money.Parse("234567.987654321"), Call = Call.Tool("a-dear-tool") });
        await budget.OpenAsync("$1.00", "paused", cancellationToken: TestContext.Current.CancellationToken);
        await budget.Client.Get("paused").PauseAsync("lunch", TestContext.Current.CancellationToken);
        await FillTenantAsync(budget);
        await budget.Client.Webhooks.SetAsync(
            new WebhookSettings
            {
                Id = Webhook,
                Url = "https://hook.invalid/a/long/way/to/where/it/is",
                Tenant = TenantPath.Parse(Tenant),
                Types = ["limit.soft", "limit.hard", "tenant.exhausted"],
            },
            TestContext.Current.CancellationToken
        );
        await budget.Client.Webhooks.TestAsync(Webhook, TestContext.Current.CancellationToken);
    }

    private static async Task FillTenantAsync(EmbeddedAgentBudget budget)
    {
        var tenant = budget.Tenant(Tenant);
        var settings = new TenantSettings { MonthlyLimit = Money.Parse("500.123456789"), DailyLimit = Money.Parse("20") };
        await tenant.SetAsync(settings, "alice", "the contract of March", cancellationToken: TestContext.Current.CancellationToken);
        await tenant.TopUpAsync("5", WindowKind.Day, "bob", "a busy day", cancellationToken: TestContext.Current.CancellationToken);
        foreach (var name in new[] { "ticket-1", "ticket-2" })
        {
            await using var session = await tenant.OpenAsync("$2.00", name, cancellationToken: TestContext.Current.CancellationToken);
            await session.ChargeAsync(Call.Tool("search"), Money.Parse("0.75"), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A ledger as a process leaves it that dies, and then a bit in the middle of its log turns over.</summary>
    private async Task MakeDamagedAsync()
    {
        var open = Path.Combine(folder.Path, "open");
        var left = Directory.CreateDirectory(Path.Combine(Made, "damaged")).FullName + "/ledger.db";
        await using var budget = await LedgerFixture.StartAsync("sqlite:" + open);
        for (var i = 0; i < 12; i++)
            await budget.OpenAsync("$5.00", $"new-{i:00}", cancellationToken: TestContext.Current.CancellationToken);
        foreach (var suffix in new[] { "", "-wal" })
            File.Copy(open + "/ledger.db" + suffix, left + suffix);
        var log = await File.ReadAllBytesAsync(left + "-wal");
        log[log.Length / 3] ^= 0x10;
        await File.WriteAllBytesAsync(left + "-wal", log);
    }

    private void Write(string name, string text)
    {
        var file = Path.Combine(Made, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var inner in from.EnumerateDirectories())
            Copy(inner, Path.Combine(to, inner.Name));
    }
}
