using Microsoft.Data.Sqlite;

namespace AgentBudget.Cli.Tests;

public sealed class LedgerTroubleTests
{
    public static readonly TheoryData<string[]> EveryCommand = new(
        ["sessions", "list"],
        ["sessions", "show", "open"],
        ["sessions", "pause", "open"],
        ["sessions", "close", "open"],
        ["sessions", "top-up", "open", "1"],
        ["report", "open"],
        ["tenant", "show", "acme"],
        ["tenant", "set", "acme", "--daily", "5", "--by", "alice"],
        ["tenant", "pause", "acme", "--by", "alice"]
    );

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task Anything_NoLedger_SaysSoAndMakesNone(string[] command)
    {
        using var folder = new TempFolder();

        (await Tool.RunAsync([.. command, "--store", folder.Store])).FailedWith(
            ExitCodes.Failed,
            "There is no ledger at",
            "check the path"
        );

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task Anything_NoDatabase_SaysSoAndLeavesItAsItWas(string[] command)
    {
        using var folder = new TempFolder();
        var file = folder.File("notes.db", "shopping list, long enough to be no database at all");

        (await Tool.RunAsync([.. command, "--store", "sqlite:" + file])).FailedWith(ExitCodes.Failed, file, "name another path");

        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Replay_NoDatabase_SaysSo()
    {
        using var folder = new TempFolder();
        var file = folder.File("notes.db", "shopping list, long enough to be no database at all");

        (await Tool.RunAsync("replay", Tool.Sample(Tool.Fits), "--budget", "1", "--store", "sqlite:" + file)).FailedWith(
            ExitCodes.Failed,
            file,
            "name another path"
        );
    }

    [Fact]
    public async Task Ledger_OpenInAnotherProcess_IsReadAndNotWritten()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await using var other = await LedgerFixture.StartAsync(folder);
        await other.OpenAsync("$5.00", "new", cancellationToken: TestContext.Current.CancellationToken);

        var list = (await Tool.RunAsync("sessions", "--store", folder.Store, "--json")).Succeeded();
        var pause = await Tool.RunAsync("sessions", "pause", "open", "--store", folder.Store);
        var replay = await Tool.RunAsync("replay", Tool.Sample(Tool.Fits), "--budget", "1", "--store", folder.Store);

        Assert.Equal(3, list.Lines.Length);
        pause.FailedWith(ExitCodes.Failed, "in use by another process", "stop that one");
        replay.FailedWith(ExitCodes.Failed, "in use by another process", "stop that one");
    }

    [Fact]
    public async Task Ledger_LockedByAnotherProgram_SaysSo()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        await using var connection = new SqliteConnection($"Data Source={folder.Store["sqlite:".Length..]}/ledger.db;Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        (await Tool.RunAsync("sessions", "--store", folder.Store)).FailedWith(
            ExitCodes.Failed,
            "is locked by another program",
            "close it and try again"
        );
    }

    [Fact]
    public async Task Ledger_ReadOnlyFile_IsReadAndNotWritten()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Permissions do not bind the superuser.");
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);
        var file = folder.Store["sqlite:".Length..] + "/ledger.db";
        File.SetAttributes(file, FileAttributes.ReadOnly);

        (await Tool.RunAsync("sessions", "--store", folder.Store)).Succeeded();
        (await Tool.RunAsync("sessions", "pause", "open", "--store", folder.Store)).FailedWith(
            ExitCodes.Failed,
            "is read-only",
            "writable"
        );
    }

    /// <summary>A log whose middle is damaged keeps the ledger closed, until somebody gives up what stands behind the damage.</summary>
    [Fact]
    public async Task Mend_DamagedLog_IsToldAndOpensTheLedgerWhenTheLossIsAccepted()
    {
        using var folder = new TempFolder();
        var token = TestContext.Current.CancellationToken;
        var left = Directory.CreateDirectory(System.IO.Path.Combine(folder.Path, "left")).FullName + "/ledger.db";
        await LedgerFixture.MakeAsync(folder);
        await using (var budget = await LedgerFixture.StartAsync(folder))
        {
            for (var i = 0; i < 12; i++)
                await budget.OpenAsync("$5.00", $"new-{i:00}", cancellationToken: token);
            // As a process that dies here leaves it.
            foreach (var suffix in new[] { "", "-wal" })
                File.Copy(folder.Store["sqlite:".Length..] + "/ledger.db" + suffix, left + suffix);
        }

        (await Tool.RunAsync("mend", "--store", "sqlite:" + left)).Succeeded();
        var log = await File.ReadAllBytesAsync(left + "-wal", token);
        log[log.Length / 3] ^= 0x10;
        await File.WriteAllBytesAsync(left + "-wal", log, token);
        foreach (var command in new[] { "sessions", "mend" })
            (await Tool.RunAsync(command, "--store", "sqlite:" + left)).FailedWith(
                ExitCodes.Failed,
                left + "-wal",
                "from a backup",
                "--accept-loss"
            );
        (await Tool.RunAsync("mend", "--store", "sqlite:" + left, "--accept-loss")).Succeeded();
        Assert.Contains("open", (await Tool.RunAsync("sessions", "--store", "sqlite:" + left)).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal(log, await File.ReadAllBytesAsync(left + "-wal.damaged", token));
    }

    [Fact]
    public async Task Mend_NoLedger_SaysSo()
    {
        using var folder = new TempFolder();
        (await Tool.RunAsync("mend", "--store", folder.Store)).FailedWith(ExitCodes.Failed, "There is no ledger at", "check the path");
    }
}
