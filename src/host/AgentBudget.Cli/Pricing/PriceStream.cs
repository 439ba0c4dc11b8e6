using System.Buffers;
using System.Text;

namespace AgentBudget.Cli.Pricing;

/// <summary>
/// Answers lines of JSON with lines of JSON, one for one and in order, as they come. What was answered is written out before more input
/// is waited for, so that a caller may ask and wait.
/// </summary>
internal sealed class PriceStream(PriceBook prices, TimeProvider time) : IDisposable
{
    /// <summary>The longest line that is read; a longer one is answered with an error.</summary>
    private const int MaxLineBytes = 1024 * 1024;

    private readonly PriceAnswerJson answers = new(prices.IsStale(time.GetUtcNow()));
    private readonly ArrayBufferWriter<byte> pending = new();
    private long line;
    private bool isTooLong;

    /// <summary>Answers until the input ends.</summary>
    public async Task RunAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        await using var answers = new BufferedStream(output, 64 * 1024);
        int count;
        while ((count = await input.ReadAsync(buffer, cancellationToken)) > 0)
        {
            Take(buffer.AsMemory(0, count), answers);
            await answers.FlushAsync(cancellationToken);
        }

        if (pending.WrittenCount > 0 || isTooLong)
            AnswerPending(answers);
        await answers.FlushAsync(cancellationToken);
    }

    public void Dispose() => answers.Dispose();

    private void Take(ReadOnlyMemory<byte> bytes, Stream answers)
    {
        int end;
        while ((end = bytes.Span.IndexOf((byte)'\n')) >= 0)
        {
            Keep(bytes[..end]);
            AnswerPending(answers);
            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    private void Keep(ReadOnlyMemory<byte> bytes)
    {
        isTooLong |= pending.WrittenCount + bytes.Length > MaxLineBytes;
        if (!isTooLong)
            pending.Write(bytes.Span);
    }

    private void AnswerPending(Stream answers)
    {
        line++;
        answers.Write(Answer(pending.WrittenMemory).Span);
        pending.ResetWrittenCount();
        isTooLong = false;
    }

    private ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> line)
    {
        if (isTooLong)
            return answers.OfBadLine(this.line, $"The line is longer than {MaxLineBytes} bytes.");
        // Some editors begin a file with a mark.
        if (this.line == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble))
            line = line[Encoding.UTF8.Preamble.Length..];
        try
        {
            return answers.Of(Price(PriceRequestReader.Read(line)));
        }
        catch (BadRequestException refused)
        {
            return answers.OfBadLine(this.line, refused.Message);
        }
    }

    private PricedCall Price(PriceRequest request) =>
        prices.Price(request.Provider, request.Model, request.At ?? time.GetUtcNow(), request.Usage, request.Terms);
}
