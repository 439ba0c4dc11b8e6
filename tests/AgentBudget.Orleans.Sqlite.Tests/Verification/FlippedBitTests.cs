using System.Globalization;
using AgentBudget.Orleans.Sqlite.Tests.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Verification;

/// <summary>
/// Bits turned over anywhere in a ledger that was closed: it is refused, or all in it reads exactly as before.
/// <c>AGENTBUDGET_FLIPS=10000</c> runs the long version.
/// </summary>
/// <remarks>
/// Of 2,500 flips 1,763 were refused and 737 hit what holds nothing: free space in pages, pages that are free, and fields that SQLite does
/// not read. Before rows had checksums and a start looked through the file, 3 of 27 flips gave wrong timelines.
/// </remarks>
public sealed class FlippedBitTests : IDisposable
{
    private const int FlipsInCi = 300;
    private const int PageBytes = 4_096;

    private readonly LedgerFolder folder = new();
    private readonly List<(string Session, IEnumerable<string> Keys)> sessions = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Flips =>
        int.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_FLIPS"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : FlipsInCi;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Start_BitsFlippedInAClosedFile_IsRefusedOrReadsAsBefore()
    {
        var whole = await WriteAsync();
        var before = await ReadAsync();
        var (refused, same) = (0, 0);
        for (var seed = 0; seed < Flips; seed++)
        {
            var flips = await FlipAsync(whole, seed);
            try
            {
                Assert.Equal(before, await ReadAsync());
                same++;
            }
            catch (LedgerStoreUnavailableException exception)
            {
                ReadLedger.AssertNamesFileAndMend(exception, folder.FilePath);
                refused++;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed} flips {flips}.", exception);
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{refused} of {Flips} refused, {same} as before.");
        Assert.True(refused > 0 && same > 0, $"{refused} refused, {same} as before: one of the two was not tried.");
    }

    /// <summary>Opened all the same, a ledger may not find what is there; what it tells is right.</summary>
    [Fact]
    public async Task Read_BitsFlippedInAnUnverifiedFile_TellsNothingWrong()
    {
        var whole = await WriteAsync();
        var before = await ReadAsync();
        var (told, same, notFound) = (0, 0, 0);
        for (var seed = 0; seed < Flips; seed++)
        {
            var flips = await FlipAsync(whole, ~seed);
            try
            {
                foreach (var (question, answer) in await ReadAsync(verifyAtStart: false))
                {
                    if (answer == before[question])
                        same++;
                    else if (answer == ReadLedger.Told)
                        told++;
                    else if (answer is "null" or "[]" || question.StartsWith("list", StringComparison.Ordinal))
                        notFound++;
                    else
                        Assert.Fail($"{question}: {answer} instead of {before[question]}");
                }
            }
            catch (LedgerStoreUnavailableException exception)
            {
                ReadLedger.AssertNamesFileAndMend(exception, folder.FilePath);
                told++;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed} flips {flips}.", exception);
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{told} told, {same} as before, {notFound} not found.");
        Assert.True(told > 0 && same > 0, $"{told} told, {same} as before: one of the two was not tried.");
    }

    // Mostly one bit, anywhere; often in the first page, and in the first bytes of a page, where it is about all of it.
    private async Task<string> FlipAsync(byte[] whole, int seed)
    {
        var random = new Random(seed);
        var damaged = (byte[])whole.Clone();
        var flips = new List<string>();
        for (var count = random.Next(4) == 0 ? 3 : 1; count > 0; count--)
        {
            var at = random.Next(6) switch
            {
                0 => random.Next(PageBytes),
                1 => (random.Next(whole.Length / PageBytes) * PageBytes) + random.Next(64),
                _ => random.Next(whole.Length),
            };
            var bit = random.Next(8);
            damaged[at] ^= (byte)(1 << bit);
            flips.Add(FormattableString.Invariant($"bit {bit} of byte {at % PageBytes} of page {(at / PageBytes) + 1}"));
        }

        foreach (var suffix in new[] { "-wal", "-shm" })
            File.Delete(folder.FilePath + suffix);
        await File.WriteAllBytesAsync(folder.FilePath, damaged, Token);
        return string.Join(", ", flips);
    }

    private async Task<Dictionary<string, string>> ReadAsync(bool verifyAtStart = true)
    {
        using var store = await folder.StartAsync(verifyAtStart: verifyAtStart);
        return await ReadLedger.AllAsync(store, folder.FilePath, sessions, Token);
    }

    private async Task<byte[]> WriteAsync()
    {
        using (var store = await folder.StartAsync())
        {
            for (var number = 0; number < 6; number++)
            {
                var session = new GrowingSession($"session-{number}", number % 2 == 0 ? "acme/team" : null)
                {
                    DueAt = GrowingSession.Start.AddHours(number),
                };
                // Half of the keys come in order, half do not.
                string[] keys = [.. Enumerable.Range(0, 40).Select(i => $"{(i % 2 == 0 ? i : 99 - i):000}-{number}")];
                await store.AppendAsync([session.Open()]);
                await store.AppendAsync([session.Reserve("reserve-1")]);
                await store.AppendAsync([session.Reserve("reserve-2")]);
                await store.AppendAsync([
                    session.Do(
                        new SettleCommand
                        {
                            ReservationId = 2,
                            Cost = Money.Parse("0.20"),
                            Key = "settle",
                        }
                    ),
                ]);
                // A child is of its parent's tenant.
                var child = number % 2 == 0 ? "acme/team@child" : "child";
                await store.AppendAsync([session.Fund([child, $"{child}-2"])]);
                await store.AppendAsync([
                    session.Hear(new HolderSays(child, 42), new HolderSays(child, 42) { Through = 3, IsSealed = true }),
                ]);
                foreach (var some in keys.Chunk(8))
                    await store.AppendAsync([session.Charge(some)]);
                sessions.Add((session.Id, [keys[0], keys[1], keys[^2], keys[^1], "reserve-1", "settle"]));
            }

            var gone = new GrowingSession("gone");
            await store.AppendAsync([gone.Open()]);
            await store.AppendAsync([gone.Charge(Enumerable.Range(0, 100).Select(i => $"{i:000}"))]);
            await store.PurgeAsync("gone", gone.Head.Life, gone.Head.Sequence, Token);
        }

        return await File.ReadAllBytesAsync(folder.FilePath, Token);
    }
}
