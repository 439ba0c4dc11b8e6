using System.Text;
using System.Text.Json;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class BudgetEventsTests
{
    [Fact]
    public void Events_OfASession_ComeInTheOrderOfWhatHappened()
    {
        var session = Opened("1.00");
        var reservation = session.Reserve("0.50").EntrySequence;
        session.Settle(reservation, "0.95");
        session.Run(new ChargeCommand { Call = Call.Model("gpt-5"), Cost = Usd("0.30") });
        session.Run(new TopUpCommand { Amount = Usd("1.00") });
        session.Reserve("0.10", timeToLive: Seconds(1));
        session.Wait(Minutes(2));
        session.Sweep();
        session.Run(new PauseCommand { Reason = "look" });
        session.Run(new ResumeCommand());
        session.Run(new CloseCommand());

        EventLaws.Check(session.Head, session.Timeline);
        Assert.Equal(
            [
                "1.1 session.opened",
                "3.1 charge.settled",
                "3.2 limit.soft",
                "4.1 charge.recorded",
                "4.2 limit.overage",
                "4.3 limit.hard",
                "4.4 breaker.opened",
                "5.1 session.budget_changed",
                "5.2 breaker.closed",
                "7.1 reservation.expired",
                "8.1 session.paused",
                "9.1 session.resumed",
                "10.1 session.ended",
            ],
            Of(session).Select(of => $"{of.Sequence}.{of.Part} {of.Type}")
        );
    }

    [Fact]
    public void SoftLimit_CarriesTheReportAsOfItsEntry()
    {
        var session = Opened("1.00");
        session.Run(new ChargeCommand { Call = Call.Model("gpt-5"), Cost = Usd("0.80") });
        session.Run(new ChargeCommand { Call = Call.Tool("search"), Cost = Usd("0.15") });
        session.Run(new ChargeCommand { Call = Call.Tool("later"), Cost = Usd("0.01") });

        var soft = Assert.Single(Of(session).OfType<SoftLimitEvent>());
        Assert.Equal((0.9m, Usd("0.95")), (soft.Fraction, soft.Report.Standing.Spent));
        Assert.Equal(["gpt-5", "search"], soft.Report.Breakdown.Categories.Select(category => category.Name));
    }

    [Fact]
    public void Report_OfManyNames_KeepsTheDearestAndStaysSmall()
    {
        var session = Opened("100");
        for (var i = 0; i < 100; i++)
            session.Run(
                new ChargeCommand { Call = Call.Model($"{new string('ü', 120)}-{i:000}"), Cost = Money.FromNanoDollars(1_000_000 + i) }
            );
        session.Run(new ChargeCommand { Call = Call.Tool("last"), Cost = Usd("95") });

        var soft = Assert.Single(Of(session).OfType<SoftLimitEvent>());
        Assert.InRange(soft.Report.Breakdown.Categories.Count, 10, EventReport.MaxNames + 2);
        Assert.Contains(soft.Report.Breakdown.Categories, category => category.Name == Breakdown.OtherName);
        Assert.Equal(soft.After.Spent, soft.Report.Breakdown.Total);
        Assert.InRange(Encoding.UTF8.GetByteCount(BudgetEventJson.Write(soft)), 1_000, 16 * 1024);
    }

    [Fact]
    public void LateAndCorrectedCosts_AreBilledAsWhatTheyAre()
    {
        var session = Opened("1.00");
        var reservation = session.Reserve("0.50", timeToLive: Seconds(1)).EntrySequence;
        session.Wait(Minutes(2));
        session.Settle(reservation, "0.20");
        var cost = session.Last.Sequence;
        session.Run(
            new CorrectCommand
            {
                EntrySequence = cost,
                Difference = Usd("-0.05"),
                Reason = "refund",
            }
        );

        EventLaws.Check(session.Head, session.Timeline);
        var late = Assert.Single(Of(session).OfType<LateChargeEvent>());
        var corrected = Assert.Single(Of(session).OfType<ChargeCorrectedEvent>());
        Assert.Equal((Usd("0.20"), reservation), (late.Cost, late.Related));
        Assert.Equal((Usd("-0.05"), cost, "refund"), (corrected.Cost, corrected.Related, corrected.Reason));
    }

    [Fact]
    public void Json_OfACharge_SaysWhoWhatAndHowItIsKnown()
    {
        var session = OpenedUnder(
            "acme",
            "1.00",
            options =>
                options with
                {
                    Agent = "writer",
                    Tags = new Dictionary<string, string> { ["ticket"] = "7" },
                }
        );
        session.Run(
            new ChargeCommand
            {
                Call = Call.Model("gpt-5", "openai"),
                Cost = Usd("0.000000001"),
                Key = "k-1",
            }
        );

        var charge = Assert.Single(Of(session).OfType<ChargeRecordedEvent>());
        using var json = JsonDocument.Parse(BudgetEventJson.Write(charge));
        var root = json.RootElement;
        Assert.Equal(charge.Id, root.GetProperty("id").GetString());
        Assert.Equal("charge.recorded", root.GetProperty("type").GetString());
        Assert.Equal("acme", root.GetProperty("tenant").GetString());
        Assert.Equal("writer", root.GetProperty("agent").GetString());
        Assert.Equal("7", root.GetProperty("tags").GetProperty("ticket").GetString());
        Assert.Equal("k-1", root.GetProperty("idempotency_key").GetString());
        Assert.Equal("0.000000001", root.GetProperty("data").GetProperty("cost").GetString());
        Assert.Equal("provider", root.GetProperty("data").GetProperty("cost_source").GetString());
        Assert.Equal("gpt-5", root.GetProperty("data").GetProperty("call").GetProperty("model").GetString());
        Assert.Equal("0.000000001", root.GetProperty("after").GetProperty("spent").GetString());
    }

    [Fact]
    public void Types_EachRecord_HasOneRowAndOneName()
    {
        var records = typeof(BudgetEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(BudgetEvent)) && !type.IsAbstract);
        Assert.Equal(records.Select(type => type.Name).Order(), EventTypes.All.Select(type => type.Of.Name).Order());
        Assert.Equal(EventTypes.All.Count, EventTypes.All.Select(type => type.Name).Distinct().Count());
        Assert.Equal(
            ["charge.corrected", "charge.late", "charge.recorded", "charge.settled"],
            EventTypes.All.Where(type => type.IsBillable).Select(type => type.Name).Order()
        );
    }

    private static List<BudgetEvent> Of(SessionShell session)
    {
        var (origin, previous) = (EventOrigin.Of(session.Head), 0L);
        var all = new List<BudgetEvent>();
        foreach (var entry in session.Timeline)
        {
            var events = BudgetEvents.Of(entry, origin, previous);
            all.AddRange(events);
            previous = events.Count > 0 ? entry.Sequence : previous;
        }

        return all;
    }
}
