using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Pricing.Tests.Live;

public sealed class LivePricesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("prices");
    private readonly FakeTimeProvider time = new();
    private readonly List<PriceReload> reloads = [];
    private int writes;

    public void Dispose() => folder.Delete(recursive: true);

    private void Write(string name, string json)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, json);
        // Two writes within a tick of the file system's clock must be told apart by something.
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(++writes));
    }

    private void WritePrice(string usd) =>
        Write("ours.json", Encoding.UTF8.GetString(TestBook.File("ours", "", TestBook.Model("m", TestBook.FlatRow(usd))).Utf8Json.Span));

    private LivePrices Start(Action<LivePricesOptions>? configure = null)
    {
        var options = new LivePricesOptions { Path = folder.FullName, OnReload = reloads.Add };
        configure?.Invoke(options);
        return new LivePrices(options, time: this.time);
    }

    private static Money CostOf(PriceBook book, string provider, string model) =>
        book.Price(provider, model, TestBook.Noon, new TokenUsage(1_000_000, 0)).Cost;

    [Fact]
    public void Files_OverTheEmbeddedTable_WinAndLeaveTheRest()
    {
        WritePrice("1");
        using var prices = Start();

        Assert.Equal(Money.Parse("1"), CostOf(prices.Current, "ours", "m"));
        Assert.Equal(Money.Parse("2.50"), CostOf(prices.Current, "openai", "gpt-4o"));
    }

    [Fact]
    public void Change_OnDisk_IsTakenUpAtTheNextLookAndHasANewVersion()
    {
        WritePrice("1");
        using var prices = Start();
        var before = prices.Current;
        WritePrice("2");
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Same(before, prices.Current);

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Money.Parse("2"), CostOf(prices.Current, "ours", "m"));
        Assert.NotEqual(before.Version, prices.Current.Version);
        Assert.Equal([prices.Current.Version], reloads.Select(reload => reload.Version));
        // Whoever reserved with the old book settles with it.
        Assert.Equal(Money.Parse("1"), CostOf(before, "ours", "m"));
    }

    // It ran on a timer's thread, where an exception ends the process.
    [Fact]
    public void Callback_ThatThrows_IsLoggedAndTheNewPricesAreInForce()
    {
        WritePrice("1");
        var logged = new List<PriceReload>();
        var failures = new List<Exception>();
        var options = new LivePricesOptions
        {
            Path = folder.FullName,
            OnReload = _ => throw new InvalidOperationException("the user's own"),
        };
        using var prices = new LivePrices(options, logged.Add, time, failures.Add);
        WritePrice("2");
        time.Advance(TimeSpan.FromSeconds(5));
        WritePrice("3");
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(Money.Parse("3"), CostOf(prices.Current, "ours", "m"));
        Assert.Equal(2, logged.Count);
        Assert.Equal(["the user's own", "the user's own"], failures.Select(failure => failure.Message));
    }

    [Fact]
    public void Look_WithAListOfTheUsersThatThrows_KeepsThePricesAndSaysSo()
    {
        WritePrice("1");
        var models = new UsersList();
        using var prices = Start(options => options.Models = models);
        models.WhenRead = () => throw new NotSupportedException("the user's own");
        WritePrice("2");

        time.Advance(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(Money.Parse("1"), CostOf(prices.Current, "ours", "m"));
        Assert.Equal("the user's own", Assert.Single(Assert.Single(reloads).Problems));
    }

    [Fact]
    public async Task Look_ThatHangs_TakesOneThreadAndNoMore()
    {
        WritePrice("1");
        using var entered = new SemaphoreSlim(0);
        using var letGo = new ManualResetEventSlim();
        var models = new UsersList();
        using var prices = Start(options => options.Models = models);
        models.WhenRead = () =>
        {
            // Once is enough, however often a look asks.
            models.WhenRead = null;
            entered.Release();
            letGo.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        };
        WritePrice("2");
        var hanging = Task.Run(prices.Look, TestContext.Current.CancellationToken);
        await entered.WaitAsync(TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(prices.Look());

        letGo.Set();
        Assert.True((await hanging)!.IsTaken);
        Assert.Equal(0, entered.CurrentCount);
    }

    private sealed class UsersList : IReadOnlyList<ModelPrice>
    {
        public Action? WhenRead { get; set; }

        public int Count
        {
            get
            {
                WhenRead?.Invoke();
                return 0;
            }
        }

        public ModelPrice this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<ModelPrice> GetEnumerator()
        {
            _ = Count;
            yield break;
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [Fact]
    public async Task Callback_ThatHangs_HoldsUpNoPricesAndHearsTheNewestAfterwards()
    {
        WritePrice("1");
        using var entered = new SemaphoreSlim(0);
        using var letGo = new ManualResetEventSlim();
        var told = new List<string>();
        using var prices = Start(options =>
            options.OnReload = reload =>
            {
                told.Add(reload.Version);
                entered.Release();
                letGo.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }
        );
        WritePrice("2");
        var hanging = Task.Run(prices.Look, TestContext.Current.CancellationToken);
        await entered.WaitAsync(TestContext.Current.CancellationToken);
        var first = prices.Current.Version;
        foreach (var price in (string[])["3", "4"])
        {
            WritePrice(price);
            await Task.Run(prices.Look, TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }

        Assert.Equal(Money.Parse("4"), CostOf(prices.Current, "ours", "m"));
        letGo.Set();
        await hanging;
        Assert.Equal([first, prices.Current.Version], told);
    }

    [Fact]
    public void Models_InOptions_WinOverFilesAndInheritLikeThem()
    {
        WritePrice("1");
        using var prices = Start(options =>
            options.Models = [
                new ModelPrice("Ours", " M ", 2.5000000000m, 4m) { CacheReadUsdPerMillion = 0m, OtherNames = ["m-2026-01-01"] },
                new ModelPrice("ours", "n", 7m, 7m),
            ]
        );

        Assert.Equal(Money.Parse("2.5"), CostOf(prices.Current, "ours", "m"));
        Assert.Equal(Money.Parse("2.5"), CostOf(prices.Current, "ours", "m-2026-01-01"));
        Assert.Equal(Money.Parse("7"), CostOf(prices.Current, "ours", "n"));
        var usage = new TokenUsage(1_000_000, 1_000_000)
        {
            CacheRead = 500_000,
            CacheWrite = 500_000,
            Reasoning = 1_000_000,
        };
        Assert.Equal(Money.Parse("5.25"), prices.Current.Price("ours", "m", TestBook.Noon, usage).Cost);
    }

    [Fact]
    public void Models_AtOtherRates_GiveAnotherVersion()
    {
        using var one = Start(options => options.Models = [new ModelPrice("ours", "m", 1m, 1m)]);
        using var other = Start(options => options.Models = [new ModelPrice("ours", "m", 1m, 2m)]);
        Assert.NotEqual(one.Current.Version, other.Current.Version);
    }

    [Fact]
    public void ToolPrices_InOptions_LieBetweenFileAndCode()
    {
        Write(
            "tools.json",
            """{ "tools": [ { "tool": "a", "usd_per_call": "1" }, { "tool": "b", "usd_per_call": "1" }, { "tool": "c", "usd_per_call": "1" } ] }"""
        );
        using var prices = Start(options =>
        {
            options.ToolPrices["b"] = 2m;
            options.ToolPrices["c"] = 2m;
            options.Tools = new ToolCosts([KeyValuePair.Create("c", ToolCost.Fixed("3"))]);
        });
        Assert.Equal((Money.Parse("1"), Money.Parse("2"), Money.Parse("3")), (PriceOf("a"), PriceOf("b"), PriceOf("c")));

        Money PriceOf(string tool) => prices.Tools.Find(tool)!.Before(null);
    }

    [Fact]
    public void Names_InOptions_AreMoreThanABookHasLayers()
    {
        var names = Enumerable.Range(1, 50).Select(number => new ModelName("openai", $"deployment-{number}", "gpt-4o")).ToArray();
        using var prices = Start(options => options.Names = names);
        Assert.All(names, name => Assert.Equal(Money.Parse("2.50"), CostOf(prices.Current, "openai", name.Name)));
    }

    [Fact]
    public void Options_WithoutAFault_HaveNoProblem()
    {
        WritePrice("1");
        new LivePricesOptions { Path = folder.FullName }.ValidateWithFiles();
        new LivePricesOptions().ValidateWithFiles();
    }

    public static TheoryData<string, LivePricesOptions> Faulty =>
        new()
        {
            {
                "LookEvery",
                new() { LookEvery = TimeSpan.Zero }
            },
            {
                "Path",
                new() { Path = " " }
            },
            {
                "Models",
                new() { Models = [.. Enumerable.Repeat(new ModelPrice("p", "m", 1m, 1m), LivePricesOptions.MaxEntries + 1)] }
            },
            {
                "twice",
                new() { Names = [new("openai", "mine", "gpt-4o"), new("openai", "MINE", "gpt-4o")] }
            },
            {
                "options for p",
                new() { Models = [new ModelPrice("p", "m", -1m, 1m)] }
            },
            {
                "options for p",
                new() { Models = [new ModelPrice("p", "m", 0.0000000001m, 1m)] }
            },
            {
                "two models",
                new() { Models = [new ModelPrice("p", "m", 1m, 1m), new ModelPrice("p", "m", 1m, 1m)] }
            },
            {
                "ToolPrices:search",
                new() { ToolPrices = { ["search"] = 0.0000000001m } }
            },
        };

    [Theory, MemberData(nameof(Faulty))]
    public void Options_WithAFault_NameIt(string what, LivePricesOptions options) =>
        Assert.Contains(what, Assert.Throws<ArgumentException>(options.ValidateWithFiles).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "provider": "ours", "models": [ { "model": "m", "rows": [ {} ] } ] }""")]
    public void Change_ThatIsNotValid_LeavesTheOldPricesAndIsToldOnce(string json)
    {
        WritePrice("1");
        using var prices = Start();
        var before = prices.Current;

        Write("ours.json", json);
        time.Advance(TimeSpan.FromSeconds(20));

        Assert.Same(before, prices.Current);
        var told = Assert.Single(reloads);
        Assert.False(told.IsTaken);
        Assert.Contains("ours.json", told.Problems[0], StringComparison.Ordinal);

        WritePrice("3");
        Assert.True(prices.Look()!.IsTaken);
        Assert.Equal(Money.Parse("3"), CostOf(prices.Current, "ours", "m"));
    }

    [Fact]
    public void OneBadFile_AmongGoodOnes_RefusesTheWholeSet()
    {
        WritePrice("1");
        using var prices = Start();

        WritePrice("2");
        Write("other.json", "nonsense");
        prices.Look();

        Assert.Equal(Money.Parse("1"), CostOf(prices.Current, "ours", "m"));
    }

    [Fact]
    public void Folder_ThatGoesAway_LeavesTheOldPrices()
    {
        WritePrice("1");
        using var prices = Start();
        var moved = folder.FullName + "-away";
        Directory.Move(folder.FullName, moved);

        var told = prices.Look();
        Assert.Null(prices.Look());
        Directory.Move(moved, folder.FullName);

        Assert.False(told!.IsTaken);
        Assert.Equal(Money.Parse("1"), CostOf(prices.Current, "ours", "m"));
        Assert.True(prices.Look()!.IsTaken);
    }

    [Fact]
    public void Start_WithInvalidFiles_Fails()
    {
        Write("ours.json", "{");
        Assert.Throws<PriceTableException>(() => Start());
        Assert.ThrowsAny<IOException>(() => Start(options => options.Path = folder.FullName + "-none"));
        Assert.Throws<ArgumentException>(() => Start(options => options.LookEvery = TimeSpan.Zero));
    }

    [Fact]
    public void Overrides_InCode_GoBeforeFiles()
    {
        WritePrice("1");
        Write("tools.json", """{ "tools": [ { "tool": "a", "usd_per_call": "1" }, { "tool": "b", "usd_per_call": "2" } ] }""");
        using var prices = Start(options =>
        {
            options.Overrides = [TestBook.File("ours", "", TestBook.Model("m", TestBook.FlatRow("9")))];
            options.Names = [new ModelName("azure", "our-deployment", "gpt-4o-2024-08-06")];
            options.Tools = new ToolCosts([KeyValuePair.Create("b", ToolCost.Free)]);
        });

        Assert.Equal(Money.Parse("9"), CostOf(prices.Current, "ours", "m"));
        Assert.Equal(CostOf(prices.Current, "azure", "gpt-4o"), CostOf(prices.Current, "azure", "Our-Deployment"));
        Assert.Equal(Money.Parse("1"), prices.Tools.Find("a")!.Before(null));
        Assert.Equal(Money.Zero, prices.Tools.Find("b")!.Before(null));
    }

    [Theory]
    [InlineData("azure", "our deployment\u212A", "gpt-4o")]
    [InlineData("azure", "our-deployment", "no-such-model")]
    [InlineData("nobody", "our-deployment", "gpt-4o")]
    public void Name_ForWhatIsUnknown_IsRefused(string provider, string name, string model) =>
        Assert.Throws<ArgumentException>(() => PriceBook.Embedded.WithName(provider, name, model));
}
