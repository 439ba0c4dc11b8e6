using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentBudget.Robustness.Soaks;

namespace AgentBudget.Robustness.Tests.Soaks;

/// <summary>The shortest soak there is, as whoever calls it sees it.</summary>
public sealed class SoakProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Soak_FewSessionsForSeconds_AddsUpAndSaysSo()
    {
        var json = Path.Combine(Path.GetTempPath(), $"soak-{Environment.ProcessId}.json");
        try
        {
            var (exitCode, output) = await RunAsync(
                "soak",
                "--sessions",
                "50",
                "--rate",
                "100",
                "--duration",
                "3s",
                "--seed",
                "1",
                "--json",
                json
            );
            Assert.True(File.Exists(json), $"It ended with {exitCode} and wrote no result: {output}");
            using var result = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
            var root = result.RootElement;
            Assert.True(root.GetProperty("acknowledged").GetInt64() > 0, output);
            Assert.Equal(root.GetProperty("acknowledged_nano_dollars").GetInt64(), root.GetProperty("spent_nano_dollars").GetInt64());
            // On a machine that stood still for seconds calls may fail; then the verdict says so.
            var held = root.GetProperty("errors").GetInt64() == 0 && root.GetProperty("problems").GetArrayLength() == 0;
            Assert.Equal(held, root.GetProperty("held").GetBoolean());
            Assert.Equal(held ? 0 : 1, exitCode);
            Assert.Contains(held ? "soak held" : "PROBLEM", output);
        }
        finally
        {
            File.Delete(json);
        }
    }

    [Fact]
    public async Task Soak_UnknownOption_IsNamedWithExitCode2()
    {
        var (exitCode, output) = await RunAsync("soak", "--sesions", "50");
        Assert.Equal(2, exitCode);
        Assert.Contains("--sesions", output);
        Assert.Contains("--sessions", output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        // The same runtime that these tests run on.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        using var process = Process.Start(
            new ProcessStartInfo(dotnet, [typeof(SoakOptions).Assembly.Location, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            // Its silos and clients end with it.
            if (!process.HasExited)
                process.Kill();
        }
    }
}
