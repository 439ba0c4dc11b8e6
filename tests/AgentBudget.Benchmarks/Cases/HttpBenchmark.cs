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

    private readonly AddedCost added = new(rounds, calls);

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
        await added.MeasureAsync(cases);
        added.Add("reserve and settle on the grain", 0);
        added.Add("counting the prompt's tokens", 1);
        added.AddOver("a call under a budget, over one without", 3, [2, 1], "<= 7, 10 KB");
        added.AddOver($"a stream of {Pieces} pieces, over one without", 5, [4, 1], "9 KB");
    }

    public void Write(TextWriter output) => added.Write(output);

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
