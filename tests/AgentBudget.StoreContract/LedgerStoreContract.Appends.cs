using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract;

/// <summary>What is written is there, once, and nothing else is.</summary>
public abstract partial class LedgerStoreContract
{
    [Fact]
    public async Task Append_NewSession_IsLoadedAsItWasWritten()
    {
        var session = new GrowingSession("session", "acme/research");
        Assert.Equal(AppendOutcome.Written, await AppendAsync(session.Open()));
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task Load_SessionThatWasNeverWritten_IsNull()
    {
        await OpenedAsync("another");
        await AssertAbsentAsync("session");
        Assert.Null(await FindAsync("session", "key"));
        Assert.Empty(await Store.FindRelatedAsync("session", 1, Token));
    }

    [Fact]
    public async Task Append_EveryKindOfEntry_IsReadAsItWasWritten()
    {
        var session = await OpenedAsync();
        await WriteAsync(
            session.Do(
                new ReserveCommand
                {
                    Amount = Money.Parse("1"),
                    Call = Call.Model("gpt-5", "openai"),
                    Key = "reserve-1",
                },
                new SettleCommand
                {
                    ReservationId = 2,
                    Cost = Money.Parse("0.000000001"),
                    Key = "settle-1",
                },
                new CorrectCommand
                {
                    EntrySequence = 3,
                    Difference = Money.FromNanoDollars(-1),
                    Reason = "Rückgabe 返金 'quoted' \"twice\" \\",
                },
                new OpenSharedChildCommand { Child = "helper" },
                new ReserveCommand
                {
                    Amount = Money.Zero,
                    Call = Call.Tool("ls", "{\"path\": \"/\"}"),
                    Child = "helper",
                },
                new OpenCarvedChildCommand
                {
                    Child = "session/child",
                    Options = new BudgetSessionOptions { Budget = Money.Parse("2.5") },
                    Key = "carve-1",
                }
            )
        );
        await WriteAsync(
            session
                .After(TimeSpan.FromMinutes(1))
                .Do(
                    new PauseCommand { Reason = "line one, line two" },
                    new ResumeCommand(),
                    new TopUpCommand { Amount = Money.MaxAmount - Money.Parse("2000") },
                    new CloseSharedChildCommand { Child = "helper" },
                    new CloseCommand { IsStop = true }
                )
        );
        await AssertStoredAsync(session);
        await CatchUpAsync();
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task Append_Reservations_ThoseStillOpenAreLoaded()
    {
        var session = await OpenedAsync();
        await WriteAsync(session.Reserve("settled"));
        await WriteAsync(session.Reserve("released"));
        await WriteAsync(session.Reserve("extended"));
        await WriteAsync(session.Reserve("open"));
        await WriteAsync(session.Do(new SettleCommand { ReservationId = 2, Cost = Money.Parse("0.2") }));
        await WriteAsync(session.Do(new ReleaseCommand { ReservationId = 3 }));
        await WriteAsync(session.Do(new ExtendCommand { ReservationId = 4, TimeToLive = TimeSpan.FromHours(1) }));
        Assert.Equal([4, 5], session.OpenReservations.Select(reservation => reservation.Id).Order());
        await AssertStoredAsync(session);

        await WriteAsync(session.After(TimeSpan.FromMinutes(30)).Charge());
        Assert.Equal(4, Assert.Single(session.OpenReservations).Id);
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task Append_ReservationThatEndsInTheSameAppend_IsNotLeftOpen()
    {
        var session = await OpenedAsync();
        await WriteAsync(
            session.Do(
                new ReserveCommand { Amount = Money.Parse("1"), Call = Call.Model("gpt-5") },
                new ExtendCommand { ReservationId = 2, TimeToLive = TimeSpan.FromHours(2) },
                new SettleCommand { ReservationId = 2, Cost = Money.Parse("1") },
                new ReserveCommand { Amount = Money.Parse("1"), Call = Call.Model("gpt-5") },
                new ExtendCommand { ReservationId = 5, TimeToLive = TimeSpan.FromHours(2) }
            )
        );
        Assert.Equal(5, Assert.Single(session.OpenReservations).Id);
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task Append_ReservationThatGrows_IsLoadedWithAllOfIt()
    {
        var session = await OpenedAsync();
        await WriteAsync(session.Reserve("grown"));
        await WriteAsync(session.Do(new GrowCommand { ReservationId = 2, Amount = Money.Parse("0.5") }));
        await AssertStoredAsync(session);
        await WriteAsync(
            session.Do(
                new ReserveCommand { Amount = Money.Parse("1"), Call = Call.Model("gpt-5") },
                new GrowCommand { ReservationId = 4, Amount = Money.Parse("0.25") },
                new ExtendCommand { ReservationId = 4, TimeToLive = TimeSpan.FromHours(2) },
                new GrowCommand { ReservationId = 4, Amount = Money.Parse("0.25") }
            )
        );
        Assert.Equal(Money.Parse("1.5"), session.OpenReservations.Single(reservation => reservation.Id == 4).Amount);
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task Append_ManyEntriesInOneAppend_AreAllThere()
    {
        var session = new GrowingSession("session");
        await WriteAsync(session.Open());
        await WriteAsync(session.Charge(Enumerable.Range(0, EntriesAtOnce).Select(i => $"key-{i}")));
        Assert.Equal(EntriesAtOnce + 1, (await Store.LoadAsync("session", Token))!.Head.Sequence);
        AssertSame(session.Entries, await ReadAllAsync("session"));
    }

    [Fact]
    public async Task Append_ManySessionsInOneBatch_EachStandsForItself()
    {
        var sessions = Enumerable.Range(0, 1_500).Select(i => new GrowingSession($"session-{i:d4}")).ToArray();
        await WriteAsync([.. sessions.Select(session => session.Open())]);
        await WriteAsync([.. sessions.Select((session, i) => session.Charge($"key-{i % 10}", cost: $"0.{i + 1:d4}"))]);
        foreach (var session in sessions.Where((_, i) => i % 300 == 7))
            await AssertStoredAsync(session);
        var heads = await Store.ListAsync(new SessionListing(AfterSessionId: "session-0500", Count: 1_000), Token);
        Assert.Equal(
            sessions.Skip(501).Select(session => (session.Id, 2L, session.Head.Spent)),
            heads.Select(head => (head.SessionId, head.Sequence, head.Spent))
        );
    }

    // A head of more bytes than a connection's buffer holds, and names that take several bytes for each character.
    [Fact]
    public async Task Append_HeadOfManyLongNames_IsLoadedAsItWasWritten()
    {
        var session = await OpenedAsync();
        var usage = new TokenUsage(1_000_000_000, 1_000_000_000) { InputImage = 900_000_000, OutputImage = 900_000_000 };
        string[] names = [.. Enumerable.Range(100, Bounds.Categories).Select(i => $"{i}{new string('漢', Bounds.NameLength - 3)}")];
        await WriteAsync(
            session.Do([
                .. names.Select(name => new ChargeCommand { Cost = Money.Parse("0.01"), Call = Call.Model(name) with { Usage = usage } }),
                new ReserveCommand { Amount = Money.Parse("1"), Call = Call.Model("größe 🙂", "агент") },
            ])
        );
        Assert.Equal(names, session.Head.Breakdown.Categories.Select(category => category.Name));
        await AssertStoredAsync(session);
        await CatchUpAsync();
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task Append_EmptyBatch_IsNothing() => Assert.Empty(await Store.AppendAsync([]));

    [Fact]
    public async Task AppendAgain_SameIdAsTheLast_IsAnsweredWrittenAndAppliedOnce()
    {
        var session = new GrowingSession("session");
        var open = session.Open();
        Assert.Equal([AppendOutcome.Written, AppendOutcome.Written], [await AppendAsync(open), await AppendAsync(open)]);
        await AssertStoredAsync(session);
        var more = session.Do(
            new ChargeCommand
            {
                Cost = Money.Parse("1"),
                Call = Call.Tool("search"),
                Key = "charge",
            },
            new ReserveCommand
            {
                Amount = Money.Parse("1"),
                Call = Call.Model("gpt-5"),
                Key = "reserve",
            }
        );
        Assert.Equal([AppendOutcome.Written, AppendOutcome.Written], [await AppendAsync(more), await AppendAsync(more)]);
        await CatchUpAsync();
        Assert.Equal(AppendOutcome.Written, await AppendAsync(more));
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task AppendAgain_AfterTheSessionWentOn_IsFenced()
    {
        var session = new GrowingSession("session");
        var open = session.Open();
        await WriteAsync(open);
        var charge = session.Charge("charge");
        await WriteAsync(charge);
        await WriteAsync(session.Charge("another"));
        Assert.Equal([AppendOutcome.Fenced, AppendOutcome.Fenced], [await AppendAsync(open), await AppendAsync(charge)]);
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task AppendAgain_BatchWhoseAnswerWasLost_IsAnsweredAsItWas()
    {
        GrowingSession[] sessions = [await OpenedAsync("one"), await OpenedAsync("two"), await OpenedAsync("three")];
        var stale = sessions[1].Twin().Charge("stale");
        await WriteAsync(sessions[1].Charge());
        LedgerAppend[] batch = [sessions[0].Charge("key"), stale, sessions[2].Reserve()];
        AppendOutcome[] outcomes = [AppendOutcome.Written, AppendOutcome.Fenced, AppendOutcome.Written];
        Assert.Equal(outcomes, await Store.AppendAsync(batch));
        Assert.Equal(outcomes, await Store.AppendAsync(batch));
        foreach (var session in sessions)
            await AssertStoredAsync(session);
    }
}
