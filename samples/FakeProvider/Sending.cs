using System.Globalization;
using System.Text;
using FakeProvider.Wires;
using Microsoft.AspNetCore.Http;

namespace FakeProvider;

/// <summary>Sends one answer, and counts what it bills.</summary>
internal sealed class Sending(LoopbackProvider provider, HttpContext context, Wire wire, Answer answer, SeenCall call)
{
    private readonly Script script = answer.Script;
    private long sentAt = TimeProvider.System.GetTimestamp();
    private int sentBytes;
    private long generated;

    private CancellationToken Gone => context.RequestAborted;

    public async Task SendAsync()
    {
        if (script.Before is { } before)
            await before(-1, Gone);
        if (script.Status != 200)
        {
            await SendErrorAsync(script.Status, wire.Error(script.Status).ToJsonString());
            return;
        }

        if (script.RefusesStreamOptions && call.Json?["stream_options"] is not null)
        {
            await SendErrorAsync(422, """{"message":"Extra inputs are not permitted: stream_options"}""");
            return;
        }

        if (script.Hangs || !answer.Asked.IsStream)
            Generate(answer.Output);
        if (script.Hangs)
            await Task.Delay(Timeout.Infinite, Gone);
        context.Response.ContentType = answer.Asked.IsStream ? wire.EventsType(answer) : "application/json; charset=utf-8";
        if (answer.Asked.IsStream)
            await SendEventsAsync();
        else
            await SendTextAsync(wire.Whole(answer).ToJsonString());
        if (call.End == SeenEnd.Open)
            call.End = SeenEnd.Answered;
    }

    /// <summary>Bills what was generated until it was noticed that the caller has gone.</summary>
    public void CallerHasGone()
    {
        GenerateUnseen();
        call.End = SeenEnd.Abandoned;
    }

    private async Task SendErrorAsync(int status, string error)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        if (script.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        call.End = SeenEnd.Refused;
        await context.Response.WriteAsync(error, Gone);
    }

    private async Task SendEventsAsync()
    {
        // The headers go before the first piece is generated, so that a caller can be cut with nothing in its hands.
        Generate(0);
        await context.Response.StartAsync(Gone);
        foreach (var next in wire.Events(answer))
        {
            if (next.Piece is { } piece && script.Before is { } before)
                await before(piece, Gone);
            Generate(generated + next.Tokens);
            await SendTextAsync(next.Text);
            if (call.End != SeenEnd.Open)
                return;
        }
    }

    private async Task SendTextAsync(string text)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(text);
        if (script.CutAfterBytes is not { } cut || sentBytes + bytes.Length <= cut)
        {
            sentBytes += bytes.Length;
            await WriteAsync(bytes);
            return;
        }

        await WriteAsync(bytes[..(cut - sentBytes)]);
        GenerateUnseen();
        call.End = SeenEnd.Cut;
        if (!script.CutsInOrder)
            context.Abort();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await context.Response.Body.WriteAsync(bytes, Gone);
        await context.Response.Body.FlushAsync(Gone);
        Gone.ThrowIfCancellationRequested();
        sentAt = TimeProvider.System.GetTimestamp();
    }

    private void GenerateUnseen()
    {
        if (script.Status != 200 || !answer.Asked.IsStream || script.Hangs)
            return;
        // The model has not waited for the reader since the last piece, and goes on until it is told.
        var unseen = TimeProvider.System.GetElapsedTime(sentAt) + provider.NoticesAfter;
        Generate(generated + (long)Math.Ceiling((decimal)unseen.TotalSeconds * provider.TokensPerSecond));
    }

    private void Generate(long output)
    {
        generated = Math.Min(output, answer.Output);
        call.Count = answer.CountOf(generated);
        call.Cost = provider.Rates.Price(call.Count);
    }
}
