using System.Text;
using System.Text.Json;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Sinks.Lines;

namespace AgentBudget.Billing.Tests.Sinks.Lines;

public sealed class LinesSinkTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-lines-");

    private string File => Path.Combine(folder.FullName, "bills", "costs.jsonl");

    [Fact]
    public async Task Line_OfACost_IsWhatItIsDocumentedToBe()
    {
        await SendAsync(1, 1);

        Assert.Equal(
            """
            {"id":"s1#8df2.1.1","ledger":"s1","sequence":1,"part":1,"time":"2026-11-29T12:00:01.000Z","type":"charge.settled","amount_usd":"0.010000000","customer":"cus_1","tenant":"acme/research","agent":"writer","cost_type":"llm","name":"gpt-5","provider":"openai","cost_source":"provider","mode":"enforce","input_tokens":1200,"output_tokens":80}

            """.ReplaceLineEndings("\n"),
            await ReadAsync()
        );
    }

    [Fact]
    public async Task Lines_OfOneMoreBatch_AreAppended()
    {
        await SendAsync(1, 2);
        await SendAsync(3, 1);
        Assert.Equal(3, (await ReadAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    // What a kill in the middle of a write does, at every byte of it.
    [Fact]
    public async Task Line_ThatWasCut_IsCutOffAndComesAgainWhole()
    {
        await SendAsync(1, 2);
        var whole = Encoding.UTF8.GetBytes(await ReadAsync());
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var end = first; end < whole.Length; end += 7)
        {
            await System.IO.File.WriteAllBytesAsync(File, whole[..end], TestContext.Current.CancellationToken);
            await SendAsync(2, 1);
            Assert.Equal(whole, await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Line_LongerThanABuffer_IsCutOffWhole()
    {
        await SendAsync(1, 1);
        var before = await ReadAsync();
        await System.IO.File.AppendAllTextAsync(File, new string('x', 10_000), TestContext.Current.CancellationToken);
        await SendAsync(2, 1);
        Assert.StartsWith(before + "{\"id\":\"s1#8df2.2.1\"", await ReadAsync());
    }

    [Fact]
    public async Task File_ThatSomebodyElseWrites_IsWaitedFor()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await using var other = new FileStream(File, FileMode.Create, FileAccess.Write, FileShare.None);
        await using var sink = LinesSink.ToFile(File);

        var answer = await sink.SendAsync(Costs.Many(1), TestContext.Current.CancellationToken);

        Assert.Equal(LeftFor.Later, answer.Left!.For);
        Assert.Empty(answer.Taken);
        await other.DisposeAsync();
        Assert.Single((await sink.SendAsync(Costs.Many(1), TestContext.Current.CancellationToken)).Taken);
    }

    [Fact]
    public async Task File_ThatTwoWrite_LosesNoLineOfEither()
    {
        await using var one = LinesSink.ToFile(File);
        await using var two = LinesSink.ToFile(File);
        var number = 1;
        foreach (var sink in new[] { one, two, one, one, two })
        {
            var costs = new[] { Costs.Of(number++) };
            // Who finds that another has written opens the file anew.
            var answer = await sink.SendAsync(costs, TestContext.Current.CancellationToken);
            if (answer.Taken.Count == 0)
                answer = await sink.SendAsync(costs, TestContext.Current.CancellationToken);
            Assert.Single(answer.Taken);
        }

        var lines = await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3, 4, 5], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt32()));
    }

    [Fact]
    public async Task File_ThatIsMovedAway_IsMadeAnew()
    {
        await using var sink = LinesSink.ToFile(File);
        Assert.Single((await sink.SendAsync([Costs.Of(1)], TestContext.Current.CancellationToken)).Taken);
        System.IO.File.Move(File, File + ".old");
        Assert.Empty((await sink.SendAsync([Costs.Of(2)], TestContext.Current.CancellationToken)).Taken);
        Assert.Single((await sink.SendAsync([Costs.Of(2)], TestContext.Current.CancellationToken)).Taken);
        Assert.Single(await System.IO.File.ReadAllLinesAsync(File + ".old", TestContext.Current.CancellationToken));
        Assert.Single(await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Stream_ThatCannotGoBack_IsWrittenOn()
    {
        var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        using var reader = new StreamReader(new System.IO.Pipes.AnonymousPipeClientStream(pipe.GetClientHandleAsString()));
        await using (var sink = new LinesSink(() => pipe))
            await sink.SendAsync(Costs.Many(2), TestContext.Current.CancellationToken);
        Assert.Equal(2, (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Count(letter => letter == '\n'));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task SendAsync(int first, int count)
    {
        await using var sink = LinesSink.ToFile(File);
        var costs = Enumerable.Range(first, count).Select(number => Costs.Of(number)).ToArray();
        Assert.Equal(count, (await sink.SendAsync(costs, TestContext.Current.CancellationToken)).Taken.Count);
    }

    private Task<string> ReadAsync() => System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);
}
