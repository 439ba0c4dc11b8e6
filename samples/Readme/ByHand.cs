using AgentBudget;

namespace Readme;

/// <summary>The handle of a call that the program makes itself, and a stream of pieces.</summary>
internal static class ByHand
{
    public static async Task RunAsync(BudgetSession session)
    {
        // A call without a cap, clamped to what the session affords of output. Disposed without an end, it counts as spent in full.
        await using var call = await session.ReserveAsync(
            CallEstimate.Model("gpt-5", 2_000),
            new ReserveOptions { LeastOutputTokens = 200 }
        );
        try
        {
            var reply = await AskModelAsync(call.MaxOutputTokens, call.CutToken); // fires when the session is paused or ends
            await call.SettleAsync(reply.Usage);
        }
        catch (HttpRequestException exception)
        {
            await call.FailAsync(exception); // given back where the provider answered with an error, else spent
        }

        // A stream: pieces come out as they come in; it is settled by its final usage, or by what it can have used when it was cut.
        var pieces = session.WrapStreamAsync(
            CallEstimate.Model("gpt-5", 2_000, 500),
            (_, cancellationToken) => StreamModelAsync(cancellationToken),
            (seen, piece) =>
            {
                seen.SawText(piece.Text);
                if (piece.Usage is { } usage)
                    seen.Report(usage, isFinal: true);
            }
        );
        await foreach (var piece in pieces)
            Console.Write(piece.Text);
    }

    private static Task<Piece> AskModelAsync(long? maxOutputTokens, CancellationToken cancellationToken) =>
        Task.FromResult(new Piece($"At most {maxOutputTokens} tokens.", new TokenUsage(1_842, 310)));

    private static async IAsyncEnumerable<Piece> StreamModelAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.Delay(TimeSpan.Zero, cancellationToken);
        yield return new Piece("Hello.", new TokenUsage(1_842, 310));
    }

    private sealed record Piece(string Text, TokenUsage? Usage);
}
