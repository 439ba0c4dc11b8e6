using System.Net;
using System.Text.Json;
using AgentBudget.Pricing.Files;

namespace AgentBudget.Pricing.Import.Updating;

/// <summary>Fetches one collection whole, within a size and a time.</summary>
internal sealed class CollectionFetch(HttpClient http, PriceCollections collections, TimeProvider time)
{
    /// <summary>A client that unpacks what is sent packed, and follows only a few redirects.</summary>
    public static HttpClient NewClient() =>
        new(
            new SocketsHttpHandler
            {
                AutomaticDecompression = DecompressionMethods.All,
                MaxAutomaticRedirections = 5,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(15),
            }
        )
        {
            // The time of one collection bounds it, body and all.
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { { "User-Agent", "agentbudget" }, { "Accept", "application/json" } },
        };

    /// <summary>The collection's JSON.</summary>
    /// <exception cref="PriceUpdateException">It is away, too large, too slow, cut short or no JSON.</exception>
    public async Task<JsonElement> JsonAsync(string name, CancellationToken cancellationToken)
    {
        var address = collections.Addresses[name];
        using var timeout = new CancellationTokenSource(collections.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var bytes = await BytesAsync(name, address, both.Token);
            // Not disposed of: its elements live as long as the source does.
            return JsonDocument.Parse(ByteOrderMark.Strip(bytes), new JsonDocumentOptions { MaxDepth = 32 }).RootElement;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(name, address, $"it did not arrive within {collections.Timeout.TotalSeconds:0.#} seconds");
        }
        catch (JsonException exception)
        {
            throw Failed(name, address, "what arrived is cut short, or is no JSON", exception);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or PriceUpdateException))
        {
            // What unpacks a body throws of many kinds for one that is broken.
            throw Failed(name, address, exception.Message.TrimEnd('.'), exception);
        }
    }

    private async Task<ReadOnlyMemory<byte>> BytesAsync(string name, Uri address, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
            throw Failed(name, address, $"it answers {(int)response.StatusCode}");
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (whole.Length + count > collections.MaxBytes)
                throw Failed(name, address, $"it is larger than {collections.MaxBytes} bytes");
            whole.Write(buffer, 0, count);
        }

        return whole.GetBuffer().AsMemory(0, (int)whole.Length);
    }

    /// <summary>What is wrong with a collection, in a sentence.</summary>
    public static PriceUpdateException Failed(string name, Uri address, string what, Exception? cause = null) =>
        new($"The collection {name} at {address} was not taken: {what}. Nothing was changed.", cause);
}
