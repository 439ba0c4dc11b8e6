using AgentBudget.Robustness.Checking;
using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Tests.Checking;

/// <summary>A tenant and its sessions, falsified in one way each.</summary>
public sealed class HistoryCheckerTenantTests
{
    private readonly Story tenant = Story.Tenant(TenantNames.Strict, "8.00");
    private readonly Story session;

    public HistoryCheckerTenantTests()
    {
        session = tenant.Admit("1", "8.00");
        session.Charge("0.10", "a");
        session.Report(tenant);
    }

    [Fact]
    public void Check_TenantAndSession_FindsNothing() => Assert.Empty(tenant.CheckAtRest(session));

    [Fact]
    public void Check_CostThatTheTenantDoesNotHave_FindsL8()
    {
        session.Charge("0.05", "b");
        HistoryCheckerTests.AssertFound("L8", tenant.CheckAtRest(session));
    }

    [Fact]
    public void Check_MoreOutThanTheLimitLeaves_FindsL9()
    {
        var row = tenant.Timeline[^1].Holder!.Row;
        var granted = Money.Parse("8.00");
        tenant.Timeline.Add(
            new Entry
            {
                Sequence = tenant.Timeline.Count + 1,
                At = session.Now,
                Kind = EntryKind.HolderGranted,
                Amount = granted - row.Granted,
                Child = row.HolderId,
                Holder = new HolderChange
                {
                    Row = row with { Granted = granted + row.Spent },
                    WasOpen = true,
                    SetAsideBefore = row.SetAside,
                },
            }
        );
        HistoryCheckerTests.AssertFound("L9", tenant.Check(head: null, session));
    }

    [Fact]
    public void Check_SessionWithMoneyThatNobodyGranted_FindsL9()
    {
        var opened = session.Timeline[0];
        session.Timeline[0] = opened with { Link = opened.Link! with { Granted = Money.Parse("7.00") } };
        session.Timeline.Add(
            new Entry
            {
                Sequence = session.Timeline.Count + 1,
                At = session.Now,
                Kind = EntryKind.Reserved,
                Amount = Money.Parse("6.00"),
                Call = Call.Tool("x"),
                ExpiresAt = session.Now.AddHours(1),
            }
        );
        HistoryCheckerTests.AssertFound("L9", tenant.Check(head: null, session));
    }

    [Fact]
    public void Check_AnswerWithAnothersName_FindsL10()
    {
        var told = session.Operations[^1];
        session.Replace(
            told,
            told with
            {
                Invocation = told.Invocation with { Client = $"c0.{TenantNames.Strict}" },
                Outcome = told.Outcome! with { Told = $"{TenantNames.Free}-agent" },
            }
        );
        HistoryCheckerTests.AssertFound("L10", tenant.Check(head: null, session));
    }

    [Fact]
    public void Check_OpeningOfAnothersSessionThatTellsWhereItStands_FindsL10()
    {
        var options = TenantNames.OptionsOf(TenantNames.Free) with { Tenant = TenantPath.Parse(TenantNames.Free) };
        var asked = session.Do(new OpenCommand { Options = options });
        Assert.Equal((default, RefusalReason.OtherTenant), (asked.Answer!.Standing, asked.Answer.Refusal!.Reason));
        asked = Foreign(asked, asked.Answer);
        Assert.Empty(tenant.CheckAtRest(session));

        Foreign(asked, asked.Answer! with { Standing = session.Timeline[^1].After });
        HistoryCheckerTests.AssertFound("L10", tenant.Check(head: null, session));
    }

    [Fact]
    public void Check_LogThatNamesATenant_FindsL10() =>
        HistoryCheckerTests.AssertFound("L10", tenant.Check(run => run with { Lines = [$"spent tenant={TenantNames.Free}"] }, session));

    [Fact]
    public void Check_PauseThatCountsMoreThanHaveWrittenIt_FindsL11()
    {
        var hold = new HoldSeen(
            TenantNames.Strict,
            tenant.Now,
            tenant.Now,
            Told: 1,
            tenant.Now,
            NotReached: 0,
            Until: tenant.Now.AddSeconds(1)
        );
        HistoryCheckerTests.AssertFound("L11", tenant.Check(run => run with { Holds = [hold] }, session));
        HistoryCheckerTests.AssertFound("L12", tenant.Check(run => run with { Holds = [hold with { Told = 0, NotReached = 1 }] }, session));
        Assert.Empty(tenant.Check(run => run with { Holds = [hold with { Told = 0 }] }, session));
    }

    // By the client of another tenant.
    private Operation Foreign(Operation operation, SessionAnswer answer)
    {
        var by = operation with
        {
            Invocation = operation.Invocation with { Client = $"c0.{TenantNames.Free}" },
            Outcome = operation.Outcome! with { Answer = answer },
        };
        session.Replace(operation, by);
        return by;
    }
}
