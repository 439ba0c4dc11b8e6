using System.ClientModel;
using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Requests;
using OpenAI;
using static AgentBudget.Http.Tests.Ledgers.SessionReading;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>Calls whose bodies are forms with files, which were sent as if they cost nothing: pictures to be edited, sound to be written
/// down.</summary>
public sealed class FormTests(SharedLedger ledger)
{
    private const string Seconds = """{"text":"Hello","usage":{"type":"duration","seconds":2}}""";

    private const string Tokens = """
        {"text":"Hello","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":4,"audio_tokens":10},
        "output_tokens":45,"total_tokens":59}}
        """;

    private const string Pictures = """
        {"created":1764000000,"data":[{"b64_json":"AAAA"},{"b64_json":"AAAA"}],"usage":{"total_tokens":1150,"input_tokens":50,
        "output_tokens":1100,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}
        """;

    private const string Pieces = """{"created":1764000000,"data":[{"b64_json":"AAAA"},{"b64_json":"AAAA"}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Whisper is $0.0001 a second; the other one $6 for a million tokens of sound, $2.5 of text and $10 of what is written.
    [Theory]
    [InlineData("whisper-1", Seconds, "0.0003", "0.0002", CostSource.Provider)]
    [InlineData("whisper-1", """{"text":"Hello"}""", "0.0003", "0.0003", CostSource.Reserved)]
    [InlineData("gpt-4o-transcribe", Tokens, null, "0.00052", CostSource.Provider)]
    public async Task Sound_ThatIsWrittenDown_IsPaidFor(string model, string answer, string? reserved, string spent, CostSource source)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var audio = Client(session, answer).GetAudioClient(model);

        // Three seconds, by what its header says.
        await audio.TranscribeAudioAsync(new MemoryStream(Recordings.Wave(32_000, 96_000)), "a.wav", cancellationToken: Stop);

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        if (reserved is not null)
            Assert.Equal(Money.Parse(reserved), (await session.EntriesAsync(EntryKind.Reserved)).Single().Amount);
        var settled = (await session.EntriesAsync(EntryKind.Settled)).Single();
        Assert.Equal((Money.Parse(spent), source), (settled.Amount, settled.Call!.Source));
    }

    // 10 x 5, 40 x 10 and 1,100 x 40 millionths; two pieces of $0.02.
    [Theory]
    [InlineData("gpt-image-1", Pictures, "0.04445")]
    [InlineData("dall-e-2", Pieces, "0.04")]
    public async Task Pictures_ThatAreEdited_ArePaidFor(string model, string answer, string spent)
    {
        await using var session = await ledger.OpenAsync("2.00");
        var images = Client(session, answer).GetImageClient(model);

        await images.GenerateImageEditsAsync(new MemoryStream(new byte[1_000]), "a.png", "A hat", 2, cancellationToken: Stop);

        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        var reserved = (await session.EntriesAsync(EntryKind.Reserved)).Single();
        Within(reserved.Amount, Money.Parse(spent), Money.Parse("1.00"));
        Assert.Equal(Money.Parse(spent), await session.SpentAsync());
    }

    [Fact]
    public async Task Form_ThatTheBudgetDoesNotPayFor_IsNotSent()
    {
        await using var session = await ledger.OpenAsync("0.0002");
        var wire = new Canned(Seconds);
        var audio = Client(session, wire).GetAudioClient("whisper-1");

        await Assert.ThrowsAnyAsync<MoneyRefusedException>(() =>
            audio.TranscribeAudioAsync(new MemoryStream(Recordings.Wave(32_000, 96_000)), "a.wav", cancellationToken: Stop)
        );

        Assert.Equal(0, wire.Count);
    }

    [Fact]
    public async Task Form_ForAModelThatNobodyKnows_IsNotSent()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var wire = new Canned(Seconds);
        var audio = Client(session, wire).GetAudioClient("no-such-ear");

        await Assert.ThrowsAsync<UnpricedCallException>(() =>
            audio.TranslateAudioAsync(new MemoryStream(Recordings.Wave(32_000, 96_000)), "a.wav", cancellationToken: Stop)
        );

        Assert.Equal(0, wire.Count);
    }

    // At a host that nobody knows it passed without a word.
    [Theory]
    [InlineData("https://ears.acme.com/v1/audio/transcriptions")]
    [InlineData("https://ears.acme.com/v1/audio/translations")]
    [InlineData("https://ears.acme.com/v1/images/variations")]
    [InlineData("https://api.openai.com/v1/images/edits")]
    public async Task Form_ThatNamesNoModel_IsSaidOnceAndRefusedWhereASessionIsRequired(string address)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var log = new LogBook();
        using var open = session.HttpClient(inner: new Canned("{}"), logger: log);
        using var closed = session.HttpClient(new AgentBudgetHttpOptions { RequireSession = true }, new Canned("{}"));

        for (var i = 0; i < 2; i++)
            using (await open.PostAsync(address, Form(), Stop)) { }
        await Assert.ThrowsAsync<NoBudgetSessionException>(() => closed.PostAsync(address, Form(), Stop));

        Assert.Single(log.Lines);
        Assert.Equal("", await session.RowsAsync());

        static MultipartFormDataContent Form() => new() { { new ByteArrayContent(new byte[10]), "file", "a" } };
    }

    // Sound by its address or name was taken for none, and cost nothing.
    [Theory]
    [InlineData("url", "https://files.acme.com/ten-hours.mp3")]
    [InlineData("file_id", "file_1")]
    public async Task Sound_ThatLiesElsewhere_IsNotTakenForNone(string name, string value)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var log = new LogBook();
        using var open = session.HttpClient(inner: new Canned("{}"), logger: log);
        using var closed = session.HttpClient(new AgentBudgetHttpOptions { RequireSession = true }, new Canned("{}"));
        const string address = "https://api.groq.com/openai/v1/audio/transcriptions";

        using (await open.PostAsync(address, Form(), Stop)) { }
        await Assert.ThrowsAsync<NoBudgetSessionException>(() => closed.PostAsync(address, Form(), Stop));

        Assert.Single(log.Lines);
        Assert.Equal("", await session.RowsAsync());

        MultipartFormDataContent Form() => new() { { new StringContent("whisper-large-v3"), "model" }, { new StringContent(value), name } };
    }

    // Its body was changed as if it were JSON, and was no form any more.
    [Fact]
    public async Task Form_ForAChat_IsNotSent()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var http = session.HttpClient(inner: new Canned("{}"));
        using var form = new MultipartFormDataContent { { new StringContent("gpt-5"), "model" }, { new StringContent("true"), "stream" } };

        await Assert.ThrowsAsync<UnreadableRequestException>(() =>
            http.PostAsync("https://api.openai.com/v1/chat/completions", form, Stop)
        );
    }

    // Files that are kept with a provider, or sent elsewhere, are no calls, and can be large.
    [Theory]
    [InlineData("https://api.openai.com/v1/files")]
    [InlineData("https://api.openai.com/v1/audio/voice_consents", false)]
    [InlineData("https://api.cohere.com/v1/datasets", false)]
    [InlineData("https://store.acme.com/pictures")]
    public async Task Form_ThatIsNoCallToAModel_PassesUnread(string address, bool isKnownToBeFree = true)
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var http = session.HttpClient(
            new AgentBudgetHttpOptions { RequireSession = isKnownToBeFree, MaxRequestBytes = 1_024 },
            new Canned("{}")
        );
        using var form = new MultipartFormDataContent
        {
            { new StringContent("gpt-5"), "model" },
            { new ByteArrayContent(new byte[2_000]), "file", "a" },
        };

        using var answer = await http.PostAsync(address, form, Stop);

        Assert.Equal("", await session.RowsAsync());
    }

    private static OpenAIClient Client(BudgetSession session, string answer) => Client(session, new Canned(answer));

    private static OpenAIClient Client(BudgetSession session, HttpMessageHandler wire) =>
        new(new ApiKeyCredential("none"), new OpenAIClientOptions().WithBudget(session, inner: wire));
}
