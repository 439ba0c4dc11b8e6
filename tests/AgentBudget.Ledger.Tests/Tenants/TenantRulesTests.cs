using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Tenants;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>Limits, windows and defaults of a tenant's ledger.</summary>
public sealed class TenantRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly SessionLedger tenant = SessionLedger.New("~acme");
    private DateTimeOffset now = Noon;
    private int exhaustions;

    [Fact]
    public void Set_AsItIs_ChangesNothing()
    {
        Assert.Equal(
            1,
            Assert
                .Single(tenant.Execute(Setting("5.00"), LookUps.None, now).Entries, entry => entry.Kind == EntryKind.TenantSet)
                .Amount.NanoDollars + 1
        );
        Assert.True(Set("5.00").IsUnchanged);
        Assert.False(Set("6.00").IsUnchanged);
    }

    [Fact]
    public void Set_OfAVersionThatIsNoMore_IsRefusedAndChangesNothing()
    {
        Assert.Equal(RefusalReason.SettingsChanged, SetIf(version: 7, "5.00").Refusal?.Reason);
        Assert.Equal(0, tenant.Head.Sequence);
        Assert.True(SetIf(version: 0, "5.00").IsGranted);
        var version = Report.Version;
        // Somebody tops up between the look and the change.
        tenant.Execute(new TopUpTenantCommand { Amount = Usd("1.00") }, LookUps.None, now);
        Assert.Equal(RefusalReason.SettingsChanged, SetIf(version, "5.50").Refusal?.Reason);
        Assert.Equal(Usd("6.00"), Report[WindowKind.Total].LimitWanted);
        Assert.True(SetIf(Report.Version, "6.50").IsGranted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Command_ThatChangesWhatIsThere_OfATenantThatIsNot_LeavesNothingBehind(bool isTopUp)
    {
        SessionCommand command = isTopUp ? new TopUpTenantCommand { Amount = Usd("1.00") } : new ResumeCommand();
        var decision = tenant.Execute(command, LookUps.None, now);
        Assert.Equal(RefusalReason.TenantUnknown, decision.Answer.Refusal?.Reason);
        Assert.Empty(decision.Entries);
        Assert.Equal(0, tenant.Head.Sequence);
    }

    // Somebody may be shut out before anybody has come.
    [Fact]
    public void Pause_OfATenantThatIsNotThere_HoldsForWhoComesLater()
    {
        Assert.True(tenant.Execute(new PauseCommand(), LookUps.None, now).Answer.IsGranted);
        Assert.Equal(RefusalReason.Paused, Refused("a", "1.00"));
    }

    [Fact]
    public void Exhausted_ByAnOpening_IsWrittenDownOnceAndEndsWithTheWindow()
    {
        Set(null, daily: "1.00");
        Admit("a", "4.00");
        Spend("a", "1.00");
        Assert.Equal((RefusalReason.TenantExhausted, 1), (Refused("b", "1.00"), exhaustions));
        Assert.Equal((RefusalReason.TenantExhausted, 1), (Refused("b", "1.00"), exhaustions));
        Assert.True(Report.IsExhausted);
        now = Noon.AddDays(1);
        tenant.ExpireDue(now);
        Assert.False(Report.IsExhausted);
    }

    [Fact]
    public void Exhausted_ByTheTotal_IsSoStillWhenADayBeginsOrAnotherLimitIsSet()
    {
        Set("1.00", daily: "5.00");
        Admit("a", "4.00");
        Spend("a", "1.00");
        Assert.Equal(RefusalReason.TenantExhausted, Refused("b", "1.00"));
        now = Noon.AddDays(1);
        tenant.ExpireDue(now);
        Assert.True(Report.IsExhausted);
        Set("1.00", daily: "6.00");
        Assert.True(Report.IsExhausted);
        Set("1.50", daily: "6.00");
        Assert.False(Report.IsExhausted);
    }

    [Fact]
    public void Exhausted_ForALargeCall_EndsWithTheFirstMoneyThatIsGrantedAndNotWithNone()
    {
        Set("1.00");
        Admit("a", "0.80");
        Admit("b", "0.80");
        Hear(Word("a", Row("a").Granted) with { AtLeast = Usd("1.10"), Amount = Usd("1.10"), Since = now, Ask = 1 });
        Assert.True(Report.IsExhausted);
        // The same again, of which the first answer was lost: its row is touched.
        now += TimeSpan.FromSeconds(1);
        Admit("b", "0.80");
        Assert.True(Report.IsExhausted);
        Admit("c", "0.80");
        Assert.False(Report.IsExhausted);
    }

    [Fact]
    public void Limit_BelowWhatIsOut_FallsAsMoneyComesBackAndNeverRises()
    {
        Set("1.00");
        Admit("a", "8.00");
        Admit("b", "8.00");
        var @out = tenant.Head.Reserved;
        Set("0.10");
        Assert.Equal((@out, Usd("0.10")), (tenant.Head.Budget, Report[WindowKind.Total].LimitWanted));
        Say("a", granted: Row("a").Granted, givenBack: Row("a").Granted);
        Assert.Equal(Money.Max(Usd("0.10"), Row("b").Out), tenant.Head.Budget);
        Assert.Equal(Money.Zero, Report[WindowKind.Total].Available);
    }

    [Fact]
    public void Window_ThatBegins_HasNothingSpentAndLessRoomByWhatIsOut()
    {
        Set(null, daily: "1.00");
        Admit("a", "4.00");
        var @out = Row("a").Out;
        Spend("a", "0.20");
        Assert.Equal((Usd("0.20"), @out - Usd("0.20")), (Report[WindowKind.Day].Spent, Report[WindowKind.Day].Outstanding));
        now = Noon.AddDays(1);
        tenant.ExpireDue(now);
        var day = Report[WindowKind.Day];
        Assert.Equal((Money.Zero, Usd("0.20")), (day.Spent, day.PreviousSpent));
        Assert.Equal(Usd("1.00") - Row("a").Out, day.Available);
        Assert.Equal((Usd("0.00"), Usd("0.20")), (Report[WindowKind.Month].Spent, Report[WindowKind.Month].PreviousSpent));
        Assert.Equal(Usd("0.20"), Report[WindowKind.Week].Spent);
    }

    // A sum below zero would let more out than the day may have; and when that is spent, what is out would be beyond its limit.
    [Fact]
    public void Window_InWhichMoreIsTakenBackThanSpent_HasNoMoreRoomThanItsLimit()
    {
        Set(null, daily: "1.00");
        Admit("a", "4.00");
        Spend("a", "0.40");
        now = Noon.AddDays(1);
        tenant.ExpireDue(now);
        TakeBack("a", "0.30");
        var day = Report[WindowKind.Day];
        Assert.Equal((-Usd("0.30"), Usd("1.00")), (day.Spent, day.LimitInForce));
        Assert.Equal(Usd("1.00") - Row("a").Out, day.Available);
        Ask("a", "1.00");
        Assert.Equal(Usd("1.00"), Row("a").Out);
        Ask("a", "1.01");
        Assert.Equal(Usd("1.00"), Report[WindowKind.Day].Outstanding);
    }

    [Fact]
    public void TopUp_OfAWindow_IsNotCarriedOver()
    {
        Set(null, daily: "1.00");
        tenant.Execute(new TopUpTenantCommand { Amount = Usd("0.50"), Window = WindowKind.Day }, LookUps.None, now);
        Assert.Equal(Usd("1.50"), Report[WindowKind.Day].LimitInForce);
        now = Noon.AddDays(1);
        tenant.ExpireDue(now);
        Assert.Equal(Usd("1.00"), Report[WindowKind.Day].LimitInForce);
        var refused = tenant.Execute(new TopUpTenantCommand { Amount = Usd("0.50") }, LookUps.None, now).Answer;
        Assert.Equal(RefusalReason.NoLimit, refused.Refusal!.Reason);
    }

    [Fact]
    public void Defaults_OfTheTenant_FillInWhatTheCallerLeftOpen()
    {
        tenant.Execute(
            new SetTenantCommand
            {
                Settings = new TenantSettings
                {
                    Defaults = new SessionDefaults
                    {
                        Budget = Usd("2.00"),
                        HardLimit = 0.8m,
                        IdleTimeout = TimeSpan.FromHours(1),
                    },
                },
            },
            LookUps.None,
            now
        );
        var options = Admit("a", "0").Options;
        Assert.Equal((Usd("2.00"), 0.8m, TimeSpan.FromHours(1)), (options.Budget, options.HardLimit, options.IdleTimeout));
        Assert.Equal(Usd("3.00"), Admit("b", "3.00").Options.Budget);
    }

    [Fact]
    public void Observe_WithALimit_GrantsBeyondIt()
    {
        tenant.Execute(
            new SetTenantCommand
            {
                Settings = new TenantSettings { TotalLimit = Usd("0.10"), Mode = SessionMode.Observe },
            },
            LookUps.None,
            now
        );
        Assert.Equal(Usd("1.00"), Admit("a", "8.00").Granted);
        // And the report says what it would not have covered.
        var total = Report[WindowKind.Total];
        Assert.Equal((null, Usd("0.90"), Money.Zero), (total.LimitInForce, total.Overage, total.Available));
    }

    [Fact]
    public void Charge_OnATenant_IsRefused()
    {
        Set("1.00");
        var answer = tenant.Execute(new ChargeCommand { Cost = Usd("0.10"), Call = Call.Tool("x") }, LookUps.None, now).Answer;
        Assert.Equal(RefusalReason.NotForTenant, answer.Refusal!.Reason);
    }

    private TenantReport Report => TenantReport.Of(tenant.Head)!;

    private static SetTenantCommand Setting(string? total, string? daily = null) =>
        new()
        {
            Settings = new TenantSettings
            {
                TotalLimit = total is null ? null : Usd(total),
                DailyLimit = daily is null ? null : Usd(daily),
            },
        };

    private SessionAnswer Set(string? total, string? daily = null) => tenant.Execute(Setting(total, daily), LookUps.None, now).Answer;

    private Invitation Admit(string name, string budget)
    {
        var session = SessionLedger.New($"acme@{name}");
        var open = new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd(budget) } };
        return Assert.IsType<Invitation>(tenant.Receive(session.RequestFor(open, mustBeSet: false, now)!, Evidence.None, now).Reply);
    }

    private SessionAnswer SetIf(long version, string total) =>
        tenant.Execute(Setting(total) with { IfVersion = version }, LookUps.None, now).Answer;

    private RefusalReason? Refused(string name, string budget)
    {
        var open = new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd(budget) } };
        var request = SessionLedger.New($"acme@{name}").RequestFor(open, mustBeSet: false, now)!;
        var received = tenant.Receive(request, Evidence.None, now);
        exhaustions += received.Entries.Count(entry => entry.Kind == EntryKind.TenantExhausted);
        return Assert.IsType<ParentWord>(received.Reply).Refused;
    }

    private HolderRow Row(string name) => tenant.OpenHolders[$"acme@{name}"];

    private void Spend(string name, string amount) => Say(name, Row(name).Granted, Money.Zero, Usd(amount));

    private void TakeBack(string name, string amount)
    {
        var (row, down) = (Row(name), Usd(amount));
        var report = new HolderReport
        {
            From = row.ReportedThrough,
            To = row.ReportedThrough + 1,
            Epoch = 0,
            CorrectedDown = down,
            SpentAfter = row.Spent - down,
            Breakdown = Breakdown.Empty.Correct(Call.Tool("x"), -down),
            ByQuarter = [new QuarterSum(QuarterSum.Of(now), -down)],
        };
        Hear(Word(name, row.Granted) with { Spent = row.Spent - down, Report = report });
    }

    // Until it has so much in hand, and no more.
    private void Ask(string name, string inHand) =>
        Hear(Word(name, Row(name).Granted) with { AtLeast = Row(name).Spent + Usd(inHand), Amount = Usd("0.01"), Since = now, Ask = 1 });

    private void Say(string name, Money granted, Money givenBack, Money spent = default) =>
        Hear(
            Word(name, granted) with
            {
                Spent = spent,
                Report = new HolderReport
                {
                    From = 0,
                    To = 2,
                    Epoch = 0,
                    GivenBack = givenBack,
                    SpentUp = spent,
                    SpentAfter = spent,
                    Breakdown = Breakdown.Empty.Add(Call.Tool("x"), spent),
                    ByQuarter = spent == Money.Zero ? [] : [new QuarterSum(QuarterSum.Of(now), spent)],
                },
            }
        );

    private HolderWord Word(string name, Money granted) =>
        new()
        {
            HolderId = $"acme@{name}",
            HolderLife = 7,
            ParentId = "~acme",
            ParentLife = TenantLedgers.Life,
            RowMark = Row(name).Mark,
            Time = now,
            Granted = granted,
            Spent = Row(name).Spent,
            Policy = HolderPolicy.Sliced,
        };

    private void Hear(HolderWord word) => tenant.Receive(word, Evidence.None, now);
}
