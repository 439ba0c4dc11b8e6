namespace AgentBudget.Simulation;

/// <summary>What rows in memory keep of who has to be told, against a look at all rows.</summary>
public sealed class HolderRowsTests
{
    private readonly HolderRows rows = new();
    private readonly Dictionary<string, long> told = [];
    private long number;

    [Fact]
    public void WhoHasToBeTold_AfterAnyChanges_IsWhoeverALookAtAllRowsFinds()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            for (var step = 0; step < 100; step++)
            {
                Change($"c{random.Next(6)}", random);
                // Now and then nobody asks for a while.
                if (random.Next(3) == 0)
                    continue;
                var hold = random.Next(4);
                Assert.Equal(
                    rows.Open.Values.Where(row => row.HolderLife != 0 && told.GetValueOrDefault(row.HolderId) < hold)
                        .Select(row => row.HolderId)
                        .Order(),
                    rows.NotTold(hold).Order()
                );
                Assert.Equal(
                    rows.Open.Values.Where(row => row.HolderLife == 0).Select(row => row.HolderId).Order(),
                    rows.Unregistered.Order()
                );
            }
        }
    }

    private void Change(string id, Random random)
    {
        var known = rows.Open.GetValueOrDefault(id);
        number++;
        if (known is null)
        {
            rows.Put(
                new HolderRow
                {
                    Number = number,
                    HolderId = id,
                    HolderLife = random.Next(2) * number,
                },
                number
            );
        }
        else if (random.Next(3) == 0)
        {
            rows.Put(known with { End = HolderEnd.Sealed }, number);
            told.Remove(id);
        }
        else if (known.HolderLife == 0)
        {
            rows.Put(known with { HolderLife = number }, number);
        }
        else
        {
            var hold = random.Next(4);
            rows.Told(id, hold);
            told[id] = Math.Max(hold, told.GetValueOrDefault(id));
        }
    }
}
