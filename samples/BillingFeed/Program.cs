using AgentBudget;
using BillingFeed;

// A day of made-up sessions on a ledger of this program's own, and the bill for it, made of the feed's events alone.
var folder = Directory.CreateTempSubdirectory("agentbudget-billing-").FullName;
await using var budget = await EmbeddedAgentBudget.StartAsync(folder);
var sessions = await MadeUpDay.RunAsync(budget);

// What of the feed is billable, and nothing else: kept by id, for an event may come again.
var bill = new Bill();
var reading = budget.Client.Events.From(filter: new EventFilter { BillableOnly = true });
await foreach (var one in reading.ReadAsync())
    bill.Add((ChargeEvent)one);
Console.WriteLine($"Bill of the ledger in {folder}");
bill.Write(Console.Out);

// The same money from the other side. A tenant hears of its sessions a moment after they have spent.
var isRight = await Reconciliation.WriteAsync(budget, bill, sessions, Console.Out);
Console.WriteLine($"Go on next time from {string.Join(' ', reading.Cursors.Select(cursor => cursor.ToString()))}");
return isRight ? 0 : 1;
