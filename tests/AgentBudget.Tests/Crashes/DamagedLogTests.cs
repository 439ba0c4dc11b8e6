using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using AgentBudget.CrashProgram;
using AgentBudget.Orleans.Sqlite;
using AgentBudget.Tests.Processes;
using Microsoft.Extensions.Options;

namespace AgentBudget.Tests.Crashes;

/// <summary>
/// Bits turned over in the log that a killed process left: the ledger is refused, or every timeline reads as it would have without. Only
/// the last frame of the log, and what stands behind it, may be missed: it cannot be told from a log that was being written when the
/// process died. <c>AGENTBUDGET_FLIPS=10000</c> runs the long version.
/// </summary>
public sealed class DamagedLogTests : IDisposable
{
    private const int FlipsInCi = 100;
    private const int HeaderBytes = 32;
    private const int FrameBytes = 24 + 4_096;

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Flips =>
        int.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_FLIPS"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : FlipsInCi;

    private string LedgerPath => Path.Combine(folder.Path, SqliteLedgerOptions.FileName);

    [Fact]
    public async Task Start_BitFlippedInTheLogOfAKilledProcess_IsRefusedOrReadsAsBefore()
    {
        await using (var child = ChildProgram.Start("load", folder.Path, "0"))
        {
            await child.WhenAcknowledgedAsync(300);
            await child.KillAsync();
        }

        var file = await File.ReadAllBytesAsync(LedgerPath, Token);
        var log = await File.ReadAllBytesAsync(LedgerPath + "-wal", Token);
        var before = await ReadAsync(file, log);
        var lastFrameAt = LastCommitAt(log);
        var (refused, same, missed) = (0, 0, 0);
        for (var seed = 0; seed < Flips; seed++)
        {
            var random = new Random(seed);
            var damaged = (byte[])log.Clone();
            var at = random.Next(log.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            try
            {
                if (await ReadAsync(file, damaged) == before)
                    same++;
                else if (at >= lastFrameAt)
                    missed++;
                else
                    Assert.Fail($"Seed {seed} flips byte {at} of {log.Length}, and what was acknowledged is gone.");
            }
            catch (LedgerStoreUnavailableException exception)
            {
                Assert.Contains($"The ledger {LedgerPath} is damaged, in ", exception.Message, StringComparison.Ordinal);
                Assert.Contains("from a backup", exception.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{refused} of {Flips} refused, {same} as before, {missed} taken for the end of a crash."
        );
        Assert.True(refused > Flips / 2, $"{refused} refused, {same} as before, {missed} missed.");
    }

    public void Dispose() => folder.Dispose();

    // The end of the last transaction of the generation that the log's header names.
    private static int LastCommitAt(byte[] log)
    {
        var last = 0;
        for (var at = HeaderBytes; at + FrameBytes <= log.Length; at += FrameBytes)
        {
            var isCurrent = log.AsSpan(at + 8, 8).SequenceEqual(log.AsSpan(16, 8));
            if (isCurrent && BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(at + 4)) != 0)
                last = at;
        }

        return last;
    }

    private async Task<string> ReadAsync(byte[] file, byte[] log)
    {
        File.Delete(LedgerPath + "-shm");
        await File.WriteAllBytesAsync(LedgerPath, file, Token);
        await File.WriteAllBytesAsync(LedgerPath + "-wal", log, Token);
        using var store = new SqliteLedgerStore(Options.Create(new SqliteLedgerOptions { Path = folder.Path }));
        await store.StartAsync(Token);
        var answers = new List<string>();
        for (var i = 0; i < Load.Sessions; i++)
        {
            var id = Load.SessionId(i);
            answers.Add(JsonSerializer.Serialize(await store.LoadAsync(id, Token)));
            answers.Add(JsonSerializer.Serialize(await store.ReadAsync(id, 1, int.MaxValue, Token)));
        }

        return string.Join('\n', answers);
    }
}
