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

    private readonly PriceAnswerJson _answers = new(prices.IsStale(time.GetUtcNow()));
    private readonly ArrayBufferWriter<byte> _pending = new();
    private long _line;
    private bool _isTooLong;

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

        if (_pending.WrittenCount > 0 || _isTooLong)
            AnswerPending(answers);
        await answers.FlushAsync(cancellationToken);
    }

    public void Dispose() => _answers.Dispose();

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
        _isTooLong |= _pending.WrittenCount + bytes.Length > MaxLineBytes;
        if (!_isTooLong)
            _pending.Write(bytes.Span);
    }

    private void AnswerPending(Stream answers)
    {
        _line++;
        answers.Write(Answer(_pending.WrittenMemory).Span);
        _pending.ResetWrittenCount();
        _isTooLong = false;
    }

    private ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> line)
    {
        if (_isTooLong)
            return _answers.OfBadLine(_line, $"The line is longer than {MaxLineBytes} bytes.");
        // Some editors begin a file with a mark.
        if (_line == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble))
            line = line[Encoding.UTF8.Preamble.Length..];
        try
        {
            return _answers.Of(Price(PriceRequestReader.Read(line)));
        }
        catch (BadRequestException refused)
        {
            return _answers.OfBadLine(_line, refused.Message);
        }
    }

    private PricedCall Price(PriceRequest request) =>
        prices.Price(request.Provider, request.Model, request.At ?? time.GetUtcNow(), request.Usage, request.Terms);
}
