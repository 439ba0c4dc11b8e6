using System.Text;
using AgentBudget.Http.Requests;

namespace AgentBudget.Http.Tests.Requests;

/// <summary>What is read of a form with files.</summary>
public sealed class FormReaderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Form_OfPictures_SaysModelAnswersTextAndPictures()
    {
        using var form = new MultipartFormDataContent("a boundary")
        {
            { new StringContent("gpt-image-1"), "model" },
            { new StringContent("2"), "n" },
            { new StringContent("true"), "stream" },
            { new StringContent("A cat\r\n--a boundar\r\nwith a hat"), "prompt" },
            { new ByteArrayContent(new byte[300]), "image[]", "a.png" },
            { new ByteArrayContent("\r\n--\r\n\r\n"u8.ToArray()), "image[]", "b.png" },
            { new ByteArrayContent([]), "mask", "mask.png" },
        };

        var body = await ReadAsync(form, ModelApiKind.Pictures);

        Assert.Equal(("gpt-image-1", 2L, true, 3), (body!.Model, body.Answers, body.IsStream, body.Pictures));
        Assert.Contains("A cat", body.Text.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("with a hat", body.Text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_OfSound_SaysHowLongItIsWhereTheFileDoes()
    {
        using var wave = Form(new ByteArrayContent(Recordings.Wave(bytesPerSecond: 32_000, bytes: 96_000)));
        using var other = Form(new ByteArrayContent(new byte[100_000]));

        var (told, guessed) = (await ReadAsync(wave, ModelApiKind.Hearing), await ReadAsync(other, ModelApiKind.Hearing));

        Assert.Equal((3_000L, 0L), (told!.AudioMilliseconds, told.AudioBytes));
        Assert.Equal((0L, 100_000L), (guessed!.AudioMilliseconds, guessed.AudioBytes));
    }

    // A header that says too much would make a recording as short as it likes.
    [Theory]
    [InlineData(uint.MaxValue, 32_000)]
    [InlineData(256_000, 32_000)]
    [InlineData(8_000, 8_000)]
    [InlineData(0, null)]
    public void Recording_WhoseHeaderSaysMoreThanItsSamples_IsAsLongAsItsSamplesSay(uint said, int? taken)
    {
        var file = Recordings.Wave(bytesPerSecond: 32_000, bytes: 100);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(file.AsSpan().IndexOf("fmt "u8) + 16), said);

        Assert.Equal((uint?)taken, WaveHeader.BytesPerSecondOf(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--b")]
    [InlineData("--c\r\n\r\n\r\n--c--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model\r\n\r\ngpt-image-1")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model\r\n\r\ngpt-image-1\r\n--b")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model\r\n--b--")]
    [InlineData("--b\r\nContent-Type: text/plain\r\n\r\ngpt-image-1\r\n--b--")]
    [InlineData("--b\r\n: :\r\n\r\n\r\n--b--")]
    [InlineData("--b\r\n--b--")]
    public void Body_ThatIsNoForm_IsNotRead(string body) =>
        Assert.Null(FormReader.TryRead(Encoding.UTF8.GetBytes(body), "b", ModelApiKind.Pictures));

    [Theory]
    [InlineData(FormReader.MaxParts, true)]
    [InlineData(FormReader.MaxParts + 1, false)]
    public void Form_OfMoreParts_IsNotRead(int parts, bool isRead)
    {
        var part = "--b\r\nContent-Disposition: form-data; name=image; filename=a\r\n\r\n\r\n";
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, parts)) + "--b--");
        Assert.Equal(isRead, FormReader.TryRead(body, "b", ModelApiKind.Pictures) is not null);
    }

    // What a body holds is anybody's: whatever is broken off or turned over in it, nothing is thrown.
    [Fact]
    public async Task Form_ThatIsDamagedAnywhere_ThrowsNothing()
    {
        using var form = Form(new ByteArrayContent(Recordings.Wave(bytesPerSecond: 32_000, bytes: 60)));
        form.Add(new StringContent("2"), "n");
        var (bytes, boundary) = (await form.ReadAsByteArrayAsync(Stop), RequestContent.FormBoundary(form)!);
        for (var i = 0; i < bytes.Length; i++)
        {
            FormReader.TryRead(bytes.AsSpan(0, i), boundary, ModelApiKind.Hearing);
            foreach (var other in (byte[])[0, (byte)'\r', (byte)'-', (byte)'"', 0xFF])
            {
                byte[] damaged = [.. bytes];
                damaged[i] = other;
                FormReader.TryRead(damaged, boundary, ModelApiKind.Hearing);
            }
        }
    }

    private static MultipartFormDataContent Form(ByteArrayContent file) =>
        new() { { new StringContent("whisper-1"), "model" }, { file, "file", "a" } };

    private static async Task<RequestBody?> ReadAsync(MultipartFormDataContent form, ModelApiKind kind) =>
        FormReader.TryRead(await form.ReadAsByteArrayAsync(Stop), RequestContent.FormBoundary(form)!, kind);
}
