using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Tests.Sessions;

public sealed class RecentKeysTests
{
    private const int Capacity = 4;

    [Fact]
    public void Find_AmongKeysWithTheSameHalfOfTheHash_GivesTheNewest()
    {
        var keys = new RecentKeys(Capacity);
        keys.Add(HashOf(7, low: 1), sequence: 2, durableSequence: 2);
        keys.Add(HashOf(8), sequence: 3, durableSequence: 3);
        keys.Add(HashOf(7, low: 2), sequence: 5, durableSequence: 5);
        Assert.Equal(5, keys.Find(HashOf(7, low: 1)));
    }

    [Fact]
    public void Find_HalfOfTheHashIsZero_IsNoFreePlace()
    {
        var keys = new RecentKeys(Capacity);
        Assert.Null(keys.Find(HashOf(0, low: 3)));
        keys.Add(HashOf(0, low: 3), sequence: 2, durableSequence: 2);
        keys.Add(HashOf(9), sequence: 3, durableSequence: 3);
        Assert.Equal(2, keys.Find(HashOf(0, low: 3)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(uint.MaxValue - 6L)]
    [InlineData(3L * uint.MaxValue)]
    public void KeysOfAnyEntries_AreFoundAsLongAsAModelRemembersThem(long sequence)
    {
        var random = new Random(20261130);
        var keys = new RecentKeys(Capacity);
        var model = new List<(uint Hash, long Sequence)>();
        var (durable, forgotten) = (sequence, 0L);
        for (var step = 0; step < 4_000; step++)
        {
            sequence += random.Next(1, 3);
            // Few hashes, so that they meet; the disk falls behind and catches up.
            var hash = (uint)random.Next(1, 9);
            while (model.Count >= Capacity && model[0].Sequence <= durable)
            {
                forgotten = model[0].Sequence;
                model.RemoveAt(0);
            }

            model.Add((hash, sequence));
            keys.Add(HashOf(hash, (uint)step), sequence, durable);
            durable = random.Next(4) == 0 ? sequence : durable;
            for (var asked = 1U; asked < 9; asked++)
                Assert.Equal(model.Where(one => one.Hash == asked).Select(one => (long?)one.Sequence).Max(), keys.Find(HashOf(asked)));
            Assert.Equal(forgotten, keys.ForgottenThrough);
        }
    }

    private static ulong HashOf(uint half, uint low = 0) => ((ulong)half << 32) | low;
}
