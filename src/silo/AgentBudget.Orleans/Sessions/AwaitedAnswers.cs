namespace AgentBudget.Orleans.Sessions;

/// <summary>Callers whose operations other ledgers have a part in: each is answered by the entry that ends the operation.</summary>
internal sealed class AwaitedAnswers(SessionLedger ledger)
{
    private readonly Dictionary<long, TaskCompletionSource<SessionAnswer>> awaited = [];

    /// <summary>The answer of an operation; those who ask for the same share it.</summary>
    public Task<SessionAnswer> Of(long intentSequence)
    {
        if (!awaited.TryGetValue(intentSequence, out var answer))
            awaited[intentSequence] = answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return answer.Task;
    }

    /// <summary>Answers those whose operation ends with one of these entries, when they are durable.</summary>
    public void See(IReadOnlyList<Entry> entries, Task durable)
    {
        if (awaited.Count == 0)
            return;
        foreach (var entry in entries)
        {
            if (entry.Related == 0 || !awaited.TryGetValue(entry.Related, out var waiting))
                continue;
            if (ledger.AnswerTo(entry.Related, entry) is not { } answer)
                continue;
            awaited.Remove(entry.Related);
            _ = AnswerAsync(waiting, answer, durable);
        }
    }

    /// <summary>Nobody is answered any more: what was decided cannot be trusted.</summary>
    public void Fail(Exception exception)
    {
        foreach (var waiting in awaited.Values)
        {
            waiting.TrySetException(exception);
            waiting.Task.Ignore();
        }

        awaited.Clear();
    }

    private static async Task AnswerAsync(TaskCompletionSource<SessionAnswer> waiting, SessionAnswer answer, Task durable)
    {
        try
        {
            await durable;
            waiting.TrySetResult(answer);
        }
        catch (BudgetUnavailableException exception)
        {
            waiting.TrySetException(exception);
            waiting.Task.Ignore();
        }
    }
}
