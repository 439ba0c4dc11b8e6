using System.Net;
using System.Net.Http.Headers;

namespace AgentBudget.Http.Responses;

/// <summary>The content of a response, read by way of a <see cref="WatchedStream"/> whoever reads it.</summary>
internal sealed class WatchedContent : HttpContent
{
    private const int CopyBytes = 16 * 1024;

    private readonly HttpContent inner;
    private readonly ResponseWatch watch;

    public WatchedContent(HttpContent inner, ResponseWatch watch)
    {
        this.inner = inner;
        this.watch = watch;
        foreach (var header in inner.Headers.NonValidated)
            Add(header.Key, header.Value);
    }

    // A row of values is boxed, and nearly every header has one.
    private void Add(string name, HeaderStringValues values) =>
        _ = values.Count == 1 ? Headers.TryAddWithoutValidation(name, values.ToString()) : Headers.TryAddWithoutValidation(name, values);

    protected override async Task<Stream> CreateContentReadStreamAsync() => Watched(await inner.ReadAsStreamAsync());

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        Watched(await inner.ReadAsStreamAsync(cancellationToken));

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        Watched(inner.ReadAsStream(cancellationToken));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var source = Watched(await inner.ReadAsStreamAsync(cancellationToken));
        await source.CopyToAsync(stream, CopyBytes, cancellationToken);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var source = Watched(inner.ReadAsStream(cancellationToken));
        source.CopyTo(stream, CopyBytes);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? 0;
        return inner.Headers.ContentLength is not null;
    }

    // One that nobody read is cut, too.
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _ = watch.AbandonAsync();

        base.Dispose(disposing);
    }

    private WatchedStream Watched(Stream stream) => new(stream, watch);
}
