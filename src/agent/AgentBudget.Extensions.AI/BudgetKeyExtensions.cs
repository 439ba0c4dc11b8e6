using AgentBudget.Extensions.AI.Chat;
using Microsoft.Extensions.AI;

namespace AgentBudget;

/// <summary>Has a step that is run again take up the money that it had set aside.</summary>
public static class BudgetKeyExtensions
{
    /// <summary>The longest key, in characters: 100.</summary>
    public const int MaxKeyLength = 100;

    /// <summary>
    /// Names the step that calls with these options belong to: one of a durable workflow, a node of a graph. Run again because its process
    /// died, it sends the same calls again, and each takes up the money that is set aside for it already (<see cref="ReserveOptions.Key"/>)
    /// in place of setting it aside twice. A call that has come to its end before is made anew, and paid for anew. Not sent to the
    /// provider.
    /// </summary>
    /// <param name="options">The options of the calls; a turn of several calls may have one key.</param>
    /// <param name="key">Unlike that of any other step in the session: 1 to <see cref="MaxKeyLength"/> of
    /// <c>A-Z a-z 0-9 . _ : / @ -</c>.</param>
    /// <exception cref="ArgumentException">The key is empty or too long.</exception>
    public static void SetBudgetKey(this ChatOptions options, string key)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        if (key.Length > MaxKeyLength)
            throw new ArgumentException($"The key has more than {MaxKeyLength} characters.", nameof(key));
        (options.AdditionalProperties ??= [])[StepKey.Name] = key;
    }
}
