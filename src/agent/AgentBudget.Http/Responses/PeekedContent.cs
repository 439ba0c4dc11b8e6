using System.Net;

namespace AgentBudget.Http.Responses;

/// <summary>A content whose beginning was read already, and is given again to who reads it.</summary>
internal sealed class PeekedContent : HttpContent
{
    private readonly HttpContent inner;
    private readonly byte[] begin;
    private readonly Stream? rest;

    private PeekedContent(HttpContent inner, byte[] begin, Stream? rest)
    {
        (this.inner, this.begin, this.rest) = (inner, begin, rest);
        foreach (var header in inner.Headers.NonValidated)
            Headers.TryAddWithoutValidation(header.Key, header.Value);
    }

    /// <summary>What was read of it.</summary>
    public ReadOnlySpan<byte> Begin => begin;

    /// <summary>Reads the beginning of a content. What fails meanwhile fails once more for who reads it.</summary>
    /// <param name="content">The content; nobody else reads it any more.</param>
    /// <param name="mostBytes">How much of it is read at most.</param>
    /// <param name="cancellationToken">Gives up; what came until then stays.</param>
    public static async Task<PeekedContent> ReadAsync(HttpContent content, int mostBytes, CancellationToken cancellationToken)
    {
        var begin = new MemoryStream();
        Stream? rest = null;
        try
        {
            rest = await content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[4_096];
            while (begin.Length < mostBytes)
            {
                var read = await rest.ReadAsync(
                    buffer.AsMemory(0, (int)Math.Min(buffer.Length, mostBytes - begin.Length)),
                    cancellationToken
                );
                if (read == 0)
                    break;
                begin.Write(buffer, 0, read);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // Whoever reads it hears of that.
        }

        return new PeekedContent(content, begin.ToArray(), rest);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(CreateContentReadStream(CancellationToken.None));

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => new PeekedStream(begin, rest ?? Stream.Null);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        await SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(begin, cancellationToken);
        if (rest is not null)
            await rest.CopyToAsync(stream, cancellationToken);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        stream.Write(begin);
        rest?.CopyTo(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? 0;
        return inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
