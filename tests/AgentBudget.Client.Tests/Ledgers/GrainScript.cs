using System.Collections.Concurrent;

namespace AgentBudget.Client.Tests.Ledgers;

/// <summary>Where a call is lost.</summary>
public enum Loss
{
    /// <summary>On the way there: the session never hears of it.</summary>
    Request,

    /// <summary>On the way back: it is recorded, and nobody knows.</summary>
    Answer,
}

/// <summary>What becomes of the calls of a client, and a record of them. By default they go through.</summary>
public sealed class GrainScript
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(Loss Where, Exception Fault)>> losses = new();
    private readonly ConcurrentDictionary<string, Func<GrainCall, Task<object?>>> answers = new();
    private readonly ConcurrentQueue<GrainCall> sent = new();

    /// <summary>The commands that went out by a method, every attempt of them.</summary>
    public SessionCommand[] SentBy(string method) =>
        [.. sent.Where(call => call.Method == method).Select(call => call.Command).OfType<SessionCommand>()];

    /// <summary>How many attempts were made of a method.</summary>
    public int Attempts(string method) => sent.Count(call => call.Method == method);

    /// <summary>Loses the next call of a method.</summary>
    public GrainScript Lose(string method, Loss where, Exception fault)
    {
        losses.GetOrAdd(method, _ => new()).Enqueue((where, fault));
        return this;
    }

    /// <summary>Answers every call of a method in place of the session.</summary>
    public GrainScript Answer(string method, Func<GrainCall, Task<object?>> answer)
    {
        answers[method] = answer;
        return this;
    }

    /// <summary>Fails every call of a method.</summary>
    public GrainScript Fail(string method, Func<Exception> fault) => Answer(method, _ => Task.FromException<object?>(fault()));

    /// <summary>Lets every call of a method through again.</summary>
    public void Heal(string method) => answers.TryRemove(method, out _);

    internal async Task<object?> AnswerAsync(GrainCall call)
    {
        sent.Enqueue(call);
        if (answers.TryGetValue(call.Method, out var answer))
            return await answer(call);
        if (!losses.TryGetValue(call.Method, out var queue) || !queue.TryDequeue(out var loss))
            return await call.ForwardAsync();
        if (loss.Where == Loss.Answer)
            await call.ForwardAsync();
        throw loss.Fault;
    }
}
