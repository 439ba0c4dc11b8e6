using System.Diagnostics;
using FakeProvider;

namespace AgentBudget.Http.Tests.FakeProviders;

/// <summary>
/// What the loopback provider says is understood by the npm packages of OpenAI and Anthropic. Runs where <c>AGENTBUDGET_NPM</c> names a
/// copy of <c>samples/FakeProvider/npm</c> in which its packages are installed.
/// </summary>
public sealed class ParsedByNpmTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_OfTheProvider_AreUnderstoodByTheSdksOfAnotherLanguage()
    {
        var folder = Environment.GetEnvironmentVariable("AGENTBUDGET_NPM");
        Assert.SkipWhen(folder is null, "AGENTBUDGET_NPM names no folder with the npm packages.");
        await using var provider = await LoopbackProvider.StartAsync(Stop);

        var (code, said) = await RunAsync(folder!, provider.Address);

        Assert.True(code == 0, said);
        await provider.WhenIdleAsync();
        // An SDK that sends again what nobody asked it to would be a call more.
        var ends = provider.Calls.CountBy(call => call.End).ToDictionary();
        Assert.Equal(
            new Dictionary<SeenEnd, int>
            {
                [SeenEnd.Answered] = 15,
                [SeenEnd.Refused] = 6,
                [SeenEnd.Cut] = 3,
            },
            ends
        );
        Assert.All(provider.Calls, call => Assert.Equal(call.End != SeenEnd.Refused, call.Cost > 0));
    }

    private static async Task<(int Code, string Said)> RunAsync(string folder, Uri address)
    {
        var start = new ProcessStartInfo("node", ["check.mjs", address.AbsoluteUri.TrimEnd('/')])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        stopped.CancelAfter(Patience);
        try
        {
            var said = await Task.WhenAll(
                node.StandardOutput.ReadToEndAsync(stopped.Token),
                node.StandardError.ReadToEndAsync(stopped.Token)
            );
            await node.WaitForExitAsync(stopped.Token);
            return (node.ExitCode, string.Concat(said));
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }
}
