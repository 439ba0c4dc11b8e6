using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace AgentBudget.Benchmarks.Cases;

/// <summary>
/// What a budget under an <see cref="HttpClient"/> adds to a call, in one process on a ledger in memory, one call after the other: a
/// provider that answers at once, with the budget and without, in turn with the two grain calls that reserve and settle. What counting the
/// tokens of the prompt takes is taken off.
/// </summary>
internal sealed class HttpBenchmark(int rounds, int calls)
{
    private const int Pieces = 21;

    private static readonly string Prompt = string.Join(' ', Enumerable.Repeat("what does a hard limit mean for agents", 25));

    private static readonly byte[] Question = Encoding.UTF8.GetBytes(
        $$"""{"model":"gpt-5","max_completion_tokens":100,"messages":[{"role":"user","content":"{{Prompt}}"}]}"""
    );

    private static readonly byte[] StreamedQuestion = Encoding.UTF8.GetBytes(
        $$"""
        {"model":"gpt-5","max_completion_tokens":100,"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"{{Prompt}}"}]}
        """
    );

    private readonly List<(string Name, double Microseconds, double Bytes, double Ratio, string Bar)> results = [];

    public async Task RunAsync()
    {
        await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null);
        await using var session = await budget.OpenAsync(
            new BudgetSessionOptions { Budget = Money.Parse("1000000"), Loops = LoopPolicy.Off }
        );
        using var provider = new Provider();
        using var bare = new HttpClient(provider, disposeHandler: false);
        using var budgeted = session.HttpClient(inner: provider);
        Func<Task>[] cases =
        [
            () => WrapBenchmark.ByGrainAsync(session.Grain),
            () => CountAsync(),
            () => AskAsync(bare, Question),
            () => AskAsync(budgeted, Question),
            () => AskAsync(bare, StreamedQuestion),
            () => AskAsync(budgeted, StreamedQuestion),
        ];
        var measured = cases.Select(_ => new List<(double Time, double Bytes)>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                var one = await MeasureAsync(cases[i]);
                if (round > 0)
                    measured[i].Add(one);
            }
        }

        var medians = measured
            .Select(list => (Time: Median(list.Select(one => one.Time)), Bytes: Median(list.Select(one => one.Bytes))))
            .ToArray();
        results.Add(("reserve and settle on the grain", medians[0].Time, medians[0].Bytes, 1, ""));
        results.Add(("counting the prompt's tokens", medians[1].Time, medians[1].Bytes, medians[1].Time / medians[0].Time, ""));
        Add("a call under a budget, over one without", 2, "<= 7, 10 KB");
        Add($"a stream of {Pieces} pieces, over one without", 4, "9 KB");

        void Add(string name, int without, string bar)
        {
            var time = medians[without + 1].Time - medians[without].Time - medians[1].Time;
            var bytes = medians[without + 1].Bytes - medians[without].Bytes - medians[1].Bytes;
            results.Add((name, time, bytes, time / medians[0].Time, bar));
        }
    }

    public void Write(TextWriter output)
    {
        output.WriteLine($"{"case", -46} {"us/call", 9} {"bytes", 8} {"ratio", 6}   bar");
        foreach (var (name, microseconds, bytes, ratio, bar) in results)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name, -46} {microseconds, 9:0.0} {bytes, 8:0} {ratio, 6:0.00}   {bar}")
            );
    }

    private async Task<(double Time, double Bytes)> MeasureAsync(Func<Task> make)
    {
        var (bytes, began) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        for (var i = 0; i < calls; i++)
            await make();
        var time = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        return (time / calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)calls);
    }

    private static Task CountAsync()
    {
        if (TokenEstimator.Shared.Estimate("gpt-5", Prompt) < 150)
            throw new InvalidOperationException("Too few.");
        return Task.CompletedTask;
    }

    private static async Task AskAsync(HttpClient http, byte[] question)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://api.openai.com/v1/chat/completions");
        request.Content = new ByteArrayContent(question) { Headers = { ContentType = new("application/json") } };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[1_024];
        while (await stream.ReadAsync(buffer) > 0) { }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>Answers at once, a stream piece by piece.</summary>
    private sealed class Provider : HttpMessageHandler
    {
        private static readonly byte[][] Whole =
        [
            Encoding.UTF8.GetBytes(
                """
                {"id":"a","object":"chat.completion","model":"gpt-5","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":200,"completion_tokens":4,"total_tokens":204}}
                """
            ),
        ];

        private static readonly byte[][] Events =
        [
            .. Enumerable
                .Repeat(
                    """data: {"id":"a","object":"chat.completion.chunk","model":"gpt-5","choices":[{"index":0,"delta":{"content":"word "}}]}""",
                    Pieces - 2
                )
                .Append(
                    """data: {"id":"a","object":"chat.completion.chunk","model":"gpt-5","choices":[],"usage":{"prompt_tokens":200,"completion_tokens":19,"total_tokens":219}}"""
                )
                .Append("data: [DONE]")
                .Select(text => Encoding.UTF8.GetBytes(text + "\n\n")),
        ];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isStream = request.Content!.Headers.ContentLength > Question.Length;
            var content = new StreamContent(new PieceStream(isStream ? Events : Whole));
            content.Headers.ContentType = new(isStream ? "text/event-stream" : "application/json");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }

    private sealed class PieceStream(byte[][] pieces) : Stream
    {
        private int next;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override int Read(Span<byte> buffer)
        {
            if (next == pieces.Length)
                return 0;
            var piece = pieces[next++];
            piece.CopyTo(buffer);
            return piece.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
