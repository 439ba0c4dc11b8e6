using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentBudget.Pricing.Tests.Update;

/// <summary>A site on this machine that answers each path with the very bytes that it was given, right or wrong.</summary>
internal sealed class LoopbackSite : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, byte[]> answers = new(StringComparer.Ordinal);
    private readonly HashSet<string> endless = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopped = new();
    private readonly Task serving;

    public LoopbackSite()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public string Root => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Answers a path with bytes as they are, head and all; none holds the line until the site is gone.</summary>
    public void AnswerRaw(string path, byte[] bytes) => answers["/" + path] = bytes;

    /// <summary>Answers a path with a body.</summary>
    /// <param name="path">The path.</param>
    /// <param name="body">The body.</param>
    /// <param name="head">Lines of the head beside its length.</param>
    /// <param name="length">The length that is claimed; null is that of the body.</param>
    public void Answer(string path, byte[] body, string head = "", int? length = null) =>
        AnswerRaw(
            path,
            [
                .. Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Length: {length ?? body.Length}\r\n{head}Connection: close\r\n\r\n"
                ),
                .. body,
            ]
        );

    public void Answer(string path, string body) => Answer(path, Encoding.UTF8.GetBytes(body));

    /// <summary>Answers a path with bytes, the last of which come again and again, for as long as they are taken.</summary>
    public void AnswerEndlessly(string path, byte[] bytes)
    {
        AnswerRaw(path, bytes);
        endless.Add("/" + path);
    }

    /// <summary>Answers with a packed body.</summary>
    public void AnswerPacked(string path, byte[] packed) => Answer(path, packed, "Content-Encoding: gzip\r\n");

    public static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Stop();
        await serving;
        stopped.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(AnswerAsync(await listener.AcceptTcpClientAsync(stopped.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, leaveOpen: true);
                var path = (await reader.ReadLineAsync(stopped.Token))!.Split(' ')[1];
                while (await reader.ReadLineAsync(stopped.Token) is { Length: > 0 }) { }

                var bytes = answers.GetValueOrDefault(path) ?? "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
                await stream.WriteAsync(bytes, stopped.Token);
                while (endless.Contains(path))
                    await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2), stopped.Token);
                if (bytes.Length == 0)
                    await Task.Delay(Timeout.InfiniteTimeSpan, stopped.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Who asked has gone, or the site has.
        }
    }
}
