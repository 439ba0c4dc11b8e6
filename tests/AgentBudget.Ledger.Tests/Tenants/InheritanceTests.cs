using AgentBudget.Ledger.Between;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>Defaults of tenants above: option by option, the nearest that says something, and never from what was heard long ago.</summary>
public sealed class InheritanceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly SessionDefaults Above = new()
    {
        Budget = Usd("2.00"),
        HardLimit = 0.5m,
        UnknownModels = UnknownModelPolicy.Fallback,
    };

    private readonly SessionLedger company = SessionLedger.New("~acme");
    private readonly SessionLedger team = SessionLedger.New("~acme/research");
    private DateTimeOffset now = Noon;

    [Fact]
    public void Admit_BeforeTheTenantAboveWasHeard_IsRefusedForNowAndAsksIt()
    {
        Set(team, new TenantSettings());
        var refused = Assert.IsType<ParentWord>(Ask(team, "acme/research@a", "1.00"));
        Assert.Equal(RefusalReason.InsufficientNow, refused.Refused);
        Assert.Empty(team.OpenHolders);
        Assert.True(team.OwesParent && team.HurriesParent);
    }

    // Ids that somebody made up would leave ledgers behind that never end, and rows above.
    [Fact]
    public void Admit_RefusedUnderATenantThatIsNotThere_LeavesNothingBehindAtAnyLevel()
    {
        var refused = Assert.IsType<ParentWord>(Ask(team, "acme/research@a", "1.00"));
        Assert.Equal((RefusalReason.InsufficientNow, 0), (refused.Refused, team.Head.Sequence));
        Assert.True(team.LacksInheritance(now));
        HearUnopened();
        Assert.False(team.LacksInheritance(now));
        refused = Assert.IsType<ParentWord>(Ask(team, "acme/research@a", "1.00", isByItself: true));
        Assert.Equal((RefusalReason.SessionUnknown, 0), (refused.Refused, team.Head.Sequence));
        refused = Assert.IsType<ParentWord>(Ask(team, "acme/research@a", "0"));
        Assert.Equal((RefusalReason.NoBudget, 0), (refused.Refused, team.Head.Sequence));
        refused = Assert.IsType<ParentWord>(Ask(team, "acme/research@a", "1.00", mustBeSet: true));
        Assert.Equal((RefusalReason.TenantUnknown, 0), (refused.Refused, team.Head.Sequence));
        Assert.Equal(0, company.Head.Sequence);
        Assert.IsType<Invitation>(Ask(team, "acme/research@a", "1.00"));
        Assert.Equal("acme/research@a", Assert.Single(team.OpenHolders).Key);
    }

    [Fact]
    public void Request_ForDefaultsOfOneWhoHasNotHeardItsOwn_IsAnsweredWithNothingAndHasThemAskedFor()
    {
        var below = SessionLedger.New("~acme/research/alice");
        var answer = Assert.IsType<DefaultsAnswer>(team.Receive(below.RequestForDefaults(now)!, Evidence.None, now).Reply);
        Assert.Null(answer.Inherited);
        below.Receive(answer, Evidence.None, now);
        Assert.True(below.LacksInheritance(now));
        HearUnopened();
        answer = Assert.IsType<DefaultsAnswer>(team.Receive(below.RequestForDefaults(now)!, Evidence.None, now).Reply);
        Assert.NotNull(answer.Inherited);
        Assert.Equal((0, 0), (team.Head.Sequence, below.Head.Sequence));
    }

    [Fact]
    public void Admit_OptionByOption_IsFilledInByTheNearestThatSaysIt()
    {
        Set(company, new TenantSettings { Defaults = Above });
        Set(
            team,
            new TenantSettings
            {
                Defaults = new SessionDefaults { HardLimit = 0.8m, IdleTimeout = TimeSpan.FromHours(2) },
            }
        );
        Hear();
        var options = Assert.IsType<Invitation>(Ask(team, "acme/research@a", "0")).Options;
        Assert.Equal(
            (Usd("2.00"), 0.8m, TimeSpan.FromHours(2), UnknownModelPolicy.Fallback),
            (options.Budget, options.HardLimit, options.IdleTimeout, options.UnknownModels)
        );
        Assert.Equal(Usd("7.00"), Assert.IsType<Invitation>(Ask(team, "acme/research@b", "7.00")).Options.Budget);
    }

    [Fact]
    public void Hear_TagsThatTenantsAboveReportBy_ComeBeforeItsOwn()
    {
        Set(company, new TenantSettings { TagNames = ["zone", "customer"] });
        Set(team, new TenantSettings { TagNames = ["customer", "ticket"] });
        var heard = Hear().Inherited!;
        Assert.Equal(["zone", "customer"], heard.TagNames);
        Assert.NotEqual(heard.Mark, InheritedDefaults.None.Mark);
        var below = SessionLedger.New("~acme/research/alice");
        var answer = Assert.IsType<DefaultsAnswer>(team.Receive(below.RequestForDefaults(now)!, Evidence.None, now).Reply);
        Assert.Equal(["zone", "customer", "ticket"], answer.Inherited!.TagNames);
    }

    [Fact]
    public void Admit_WhatWasHeardAWhileAgo_IsAskedForAgainAndTravelsOnlyWhenItHasChanged()
    {
        Set(company, new TenantSettings { Defaults = Above });
        Set(team, new TenantSettings());
        Hear();
        Assert.False(team.LacksInheritance(now));
        now += TimeSpan.FromSeconds(5);
        Assert.True(team.LacksInheritance(now));
        Assert.Null(Hear().Inherited);
        Assert.False(team.LacksInheritance(now));

        now += TimeSpan.FromSeconds(5);
        Set(company, new TenantSettings { Defaults = Above with { HardLimit = 0.25m } });
        Assert.Equal(0.25m, Hear().Inherited!.Defaults.HardLimit);
        Assert.Equal(0.25m, Assert.IsType<Invitation>(Ask(team, "acme/research@a", "0")).Options.HardLimit);
    }

    [Fact]
    public void Hear_AWordThatWasOvertaken_ChangesNothing()
    {
        Set(company, new TenantSettings { Defaults = Above });
        Set(team, new TenantSettings());
        Hear();
        var late = Answer(company, Word());
        now += TimeSpan.FromSeconds(5);
        Set(company, new TenantSettings { Defaults = Above with { Budget = Usd("3.00") } });
        Hear();
        team.Receive(
            late with
            {
                InheritedMark = 4,
                Inherited = new InheritedDefaults { Defaults = Above },
            },
            Evidence.None,
            now
        );
        Assert.Equal(Usd("3.00"), Assert.IsType<Invitation>(Ask(team, "acme/research@a", "0")).Options.Budget);
    }

    // All that came after it was taken for overtaken, for as long as the clock was ahead.
    [Fact]
    public void Hear_AWordOfASiloHoursAhead_ShutsOutNothingThatComesLater()
    {
        Set(company, new TenantSettings { Defaults = Above });
        Set(team, new TenantSettings());
        var answer = Answer(company, Word()) with
        {
            InheritedMark = 4,
            Inherited = new InheritedDefaults { Defaults = Above },
        };
        team.Receive(answer with { Time = now.AddHours(9) }, Evidence.None, now);
        // A message moves a ledger's time ten seconds ahead of its own clock.
        now += TimeSpan.FromSeconds(15);
        var news = new InheritedDefaults { Defaults = Above with { Budget = Usd("3.00") } };
        team.Receive(answer with { Time = now, InheritedMark = 5, Inherited = news }, Evidence.None, now);
        Assert.Equal(Usd("3.00"), Assert.IsType<Invitation>(Ask(team, "acme/research@a", "0")).Options.Budget);
    }

    [Fact]
    public void Admit_UnderATenantThatWasNeverSet_OpensByItselfAsTheOneAboveSays()
    {
        Set(company, new TenantSettings { Defaults = Above, OpensSessions = true });
        HearUnopened();
        Assert.Equal(Usd("2.00"), Assert.IsType<Invitation>(Ask(team, "acme/research@a", "0", isByItself: true)).Options.Budget);
        Set(team, new TenantSettings());
        var refused = Assert.IsType<ParentWord>(Ask(team, "acme/research@b", "0", isByItself: true));
        Assert.Equal(RefusalReason.SessionUnknown, refused.Refused);
    }

    [Fact]
    public void Admit_OfATenantThatMustBeSet_LeavesNothingBehind()
    {
        var refused = Assert.IsType<ParentWord>(Ask(team, "acme/research@a", "1.00", mustBeSet: true));
        Assert.Equal((RefusalReason.TenantUnknown, 0), (refused.Refused, team.Head.Sequence));
        refused = Assert.IsType<ParentWord>(Ask(company, "acme@a", "0", isByItself: true));
        Assert.Equal((RefusalReason.SessionUnknown, 0), (refused.Refused, company.Head.Sequence));
    }

    [Fact]
    public void Fill_AReserveThatDoesNotFitTheHardLimit_IsLeftOut()
    {
        var said = new BudgetSessionOptions { Budget = Usd("1.00"), HardLimit = 0.4m };
        var filled = new SessionDefaults { FinalizationReserve = 0.5m }.Fill(said);
        filled.Validate();
        Assert.Equal((0.4m, 0m), (filled.HardLimit, filled.FinalizationReserve));
    }

    [Fact]
    public void Open_Again_ComparesWhatTheCallerSaidAndNotWhatWasFilledIn()
    {
        Set(company, new TenantSettings { Defaults = Above });
        var session = SessionLedger.New("acme@a");
        var said = new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.Zero } };
        var admission = company.Receive(session.RequestFor(said, mustBeSet: false, now)!, Evidence.None, now).Reply;
        var opened = session.Execute(said, LookUps.None with { Admission = admission }, now).Answer;
        Assert.Equal((Usd("2.00"), (UnknownModelPolicy?)UnknownModelPolicy.Fallback), (opened.Standing.Budget, opened.UnknownModels));
        Assert.True(session.Execute(said, LookUps.None, now).Answer is { IsUnchanged: true, UnknownModels: UnknownModelPolicy.Fallback });
        var filledIn = new OpenCommand { Options = session.Head.Options! };
        Assert.Equal(RefusalReason.AlreadyOpen, session.Execute(filledIn, LookUps.None, now).Answer.Refusal!.Reason);
    }

    [Fact]
    public void Open_OfAnIdThatNamesNoTenant_HasTheOneOfOthers()
    {
        Set(company, new TenantSettings { Defaults = Above });
        var session = SessionLedger.New("ticket-7");
        var said = new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd("1.00") } };
        Assert.Null(session.RequestFor(said, mustBeSet: false, now));
        var request = session.RequestFor(said, mustBeSet: false, now, ofOthers: TenantPath.Parse("acme"))!;
        var admission = company.Receive(request, Evidence.None, now).Reply;
        Assert.True(session.Execute(said, LookUps.None with { Admission = admission }, now).Answer.IsGranted);
        Assert.Equal(("acme", "~acme"), (session.Head.Options!.Tenant!.ToString(), session.Head.Link!.ParentId));
    }

    private void Set(SessionLedger tenant, TenantSettings settings) =>
        Assert.True(tenant.Execute(new SetTenantCommand { Settings = settings }, LookUps.None, now).Answer.IsGranted);

    private LedgerMessage? Ask(SessionLedger tenant, string id, string budget, bool isByItself = false, bool mustBeSet = false)
    {
        var open = new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd(budget) } };
        return tenant.Receive(SessionLedger.New(id).RequestFor(open, mustBeSet, now, isByItself)!, Evidence.None, now).Reply;
    }

    // The same before the team has a ledger.
    private void HearUnopened()
    {
        var received = company.Receive(team.RequestForDefaults(now)!, Evidence.None, now);
        Assert.Empty(received.Entries);
        Assert.Empty(team.Receive(received.Reply!, Evidence.None, now).Entries);
    }

    // The team asks the company as its shell would, and hears the answer.
    private ParentWord Hear()
    {
        team.WantInheritance();
        var answer = Answer(company, Word());
        team.Receive(answer, Evidence.None, now);
        return answer;
    }

    private HolderWord Word() => team.WordForParent(entries: [], now) with { Report = Everything(), WantsInherited = true };

    private HolderReport Everything() =>
        new()
        {
            From = 0,
            To = team.Head.Sequence,
            Epoch = 0,
            SpentAfter = team.Head.Spent,
        };

    private ParentWord Answer(SessionLedger tenant, HolderWord word) =>
        Assert.IsType<ParentWord>(tenant.Receive(word, new Evidence { IsProven = true, AsOf = tenant.Head.Sequence }, now).Reply);
}
