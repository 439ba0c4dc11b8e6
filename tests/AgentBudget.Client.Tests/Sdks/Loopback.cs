using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentBudget.Client.Tests.Sdks;

/// <summary>A provider on this machine that answers every request in one way, and counts them.</summary>
public sealed class Loopback : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly CancellationTokenSource over = new();
    private readonly Func<HttpListenerResponse, CancellationToken, Task> answer;
    private readonly Task serving;
    private int requests;

    private Loopback(Func<HttpListenerResponse, CancellationToken, Task> answer, int port)
    {
        (this.answer, Port) = (answer, port);
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>How many requests came.</summary>
    public int Requests => Volatile.Read(ref requests);

    public int Port { get; }

    /// <summary>Answers with a status and a body.</summary>
    public static Loopback Answers(int status, string body, string type = "application/json") =>
        Start(
            async (response, token) =>
            {
                (response.StatusCode, response.ContentType) = (status, type);
                await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body), token);
                response.Close();
            }
        );

    /// <summary>Never answers.</summary>
    public static Loopback Hangs() => Start((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));

    /// <summary>Begins an answer and breaks the connection in the middle of it.</summary>
    public static Loopback Breaks(string begun, string type = "application/json") =>
        Start(
            async (response, token) =>
            {
                (response.StatusCode, response.ContentType, response.SendChunked) = (200, type, true);
                await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(begun), token);
                await response.OutputStream.FlushAsync(token);
                response.Abort();
            }
        );

    /// <summary>A port at which nobody listens.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Close();
        await serving;
        over.Dispose();
    }

    private static Loopback Start(Func<HttpListenerResponse, CancellationToken, Task> answer)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new Loopback(answer, FreePort());
            }
            catch (HttpListenerException) when (attempt < 5)
            {
                // Somebody took the port meanwhile.
            }
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref requests);
            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var body = new StreamReader(context.Request.InputStream);
            await body.ReadToEndAsync(over.Token);
            await answer(context.Response, over.Token);
        }
        catch (Exception exception)
            when (exception is HttpListenerException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The reader has gone, or the test is over.
        }
    }
}
