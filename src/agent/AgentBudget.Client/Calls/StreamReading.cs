using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Calls;

/// <summary>Has the program read what a piece of a stream tells; what fails there loses no piece.</summary>
internal sealed class StreamReading<T>(Action<StreamedCall, T> read, ILogger logger)
{
    private bool isTold;

    public void Read(StreamedCall stream, T piece)
    {
        try
        {
            read(stream, piece);
        }
        catch (Exception exception)
        {
            if (!isTold)
                ClientLog.StreamReadingFailed(logger, exception);
            isTold = true;
        }
    }
}
