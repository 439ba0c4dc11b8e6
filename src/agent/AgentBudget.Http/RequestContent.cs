using System.Buffers;
using System.Net.Http.Headers;

namespace AgentBudget.Http;

/// <summary>The content of a request: read before it is sent, and put back as it was behind each attempt.</summary>
internal static class RequestContent
{
    /// <summary>All bytes of the content, in memory that is lent until <see cref="GiveBack"/>; it can be sent all the same.</summary>
    /// <exception cref="UnreadableRequestException">It is larger than may be.</exception>
    public static async ValueTask<ArraySegment<byte>> ReadAsync(HttpContent content, long mostBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > mostBytes)
            throw TooLarge(mostBytes);
        try
        {
            // Bytes that are there already need no buffer to be sent again.
            if (content is not ByteArrayContent)
                await content.LoadIntoBufferAsync(mostBytes, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.InnerException is null)
        {
            throw TooLarge(mostBytes);
        }

        var stream = await content.ReadAsStreamAsync(cancellationToken);
        stream.Position = 0;
        var body = new ArraySegment<byte>(ArrayPool<byte>.Shared.Rent((int)stream.Length), 0, (int)stream.Length);
        await stream.ReadExactlyAsync(body, cancellationToken);
        // Others who look at it get the same stream.
        stream.Position = 0;
        return body;
    }

    /// <summary>Gives the memory of a body back; nobody may look at it afterwards.</summary>
    public static void GiveBack(ArraySegment<byte> body)
    {
        if (body.Array is { Length: > 0 } lent)
            ArrayPool<byte>.Shared.Return(lent);
    }

    /// <summary>A content with other bytes and the same headers.</summary>
    public static ByteArrayContent With(HttpContent content, byte[] body)
    {
        var changed = new ByteArrayContent(body);
        foreach (var header in content.Headers.NonValidated)
        {
            if (!header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                changed.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return changed;
    }

    /// <summary>Whether it can be JSON: it says so, or nothing, and is not packed.</summary>
    public static bool CanBeJson(HttpContent content) =>
        content.Headers.ContentEncoding.Count == 0
        && (content.Headers.ContentType is not { MediaType: { } type } || type.EndsWith("json", StringComparison.OrdinalIgnoreCase));

    /// <summary>What stands between the parts of a form with files; null where it is none, or packed.</summary>
    public static string? FormBoundary(HttpContent content) =>
        content.Headers.ContentEncoding.Count == 0
        && content.Headers.ContentType is { MediaType: { } type, Parameters: var parameters }
        && type.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? parameters.FirstOrDefault(one => one.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))?.Value?.Trim('"')
            : null;

    /// <summary>Whether the body is part of a signature, as AWS has it.</summary>
    public static bool IsSigned(HttpRequestHeaders headers) =>
        headers.NonValidated.TryGetValues("Authorization", out var values)
        && values.ToString().StartsWith("AWS4-", StringComparison.OrdinalIgnoreCase);

    private static UnreadableRequestException TooLarge(long mostBytes) =>
        new($"A call to a model has more than {mostBytes} bytes, so that it was not read, and not made; raise MaxRequestBytes.");
}
