using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Calls;

/// <summary>Reads what a piece of a stream tells; what fails there loses no piece.</summary>
internal abstract class StreamReading<T>(ILogger logger)
{
    private bool isTold;

    public void Read(StreamedCall stream, T piece)
    {
        try
        {
            ReadPiece(stream, piece);
        }
        catch (Exception exception)
        {
            if (!isTold)
                ClientLog.StreamReadingFailed(logger, exception);
            isTold = true;
        }
    }

    protected abstract void ReadPiece(StreamedCall stream, T piece);
}

/// <summary>Has the program read it.</summary>
internal sealed class ReadingByProgram<T>(Action<StreamedCall, T> read, ILogger logger) : StreamReading<T>(logger)
{
    protected override void ReadPiece(StreamedCall stream, T piece) => read(stream, piece);
}
