namespace AgentBudget;

// How it is held, stopped, and let go.
public sealed partial class TenantBudget
{
    /// <summary>
    /// Pauses the tenant and all below it: no new money for anybody. What was decided before a session wrote the pause stands; nothing is
    /// authorised by those that were told after the answer. Asked again, it answers where it stands.
    /// </summary>
    /// <param name="reason">Why: up to 256 characters.</param>
    /// <param name="by">Who pauses, for the audit: up to 128 characters.</param>
    /// <param name="answerWithin">How long the answer waits for all to have written it: zero to 20 seconds. Default 10 seconds.</param>
    /// <param name="cancellationToken">Gives up waiting; the pause may stand all the same.</param>
    /// <returns>The answer: <see cref="SessionAnswer.ChildrenTold"/> have written it, <see cref="SessionAnswer.ChildrenNotReached"/> hear
    /// of it later.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public Task<SessionAnswer> PauseAsync(
        string? reason = null,
        string? by = null,
        TimeSpan? answerWithin = null,
        CancellationToken cancellationToken = default
    ) =>
        SendAsync(
            new PauseCommand
            {
                Reason = reason,
                By = by,
                AnswerWithin = answerWithin,
            },
            grain.PauseAsync,
            cancellationToken
        );

    /// <summary>
    /// Stops the tenant: every session that is open below it, at all levels, ends for good as <see cref="BudgetSession.StopAsync"/> ends
    /// one, and new ones are refused until the tenant is resumed. Asked again, it answers where it stands.
    /// </summary>
    /// <param name="reason">Why: up to 256 characters.</param>
    /// <param name="by">Who stops it, for the audit: up to 128 characters.</param>
    /// <param name="answerWithin">How long the answer waits for all to have written it: zero to 20 seconds. Default 10 seconds.</param>
    /// <param name="cancellationToken">Gives up waiting; the stop may stand all the same.</param>
    /// <returns>The answer: <see cref="SessionAnswer.ChildrenTold"/> have written it, <see cref="SessionAnswer.ChildrenNotReached"/> hear
    /// of it later.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public Task<SessionAnswer> StopAsync(
        string? reason = null,
        string? by = null,
        TimeSpan? answerWithin = null,
        CancellationToken cancellationToken = default
    ) =>
        SendAsync(
            new StopTenantCommand
            {
                Reason = reason,
                By = by,
                AnswerWithin = answerWithin,
            },
            grain.StopAsync,
            cancellationToken
        );

    /// <summary>Lets go of a pause or of a stop; sessions that were stopped stay so.</summary>
    /// <param name="reason">Why: up to 256 characters.</param>
    /// <param name="by">Who resumes, for the audit: up to 128 characters.</param>
    /// <param name="answerWithin">How long the answer waits for all to have written it: zero to 20 seconds. Default 10 seconds.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The answer: <see cref="SessionAnswer.ChildrenTold"/> go on, <see cref="SessionAnswer.ChildrenNotReached"/> hear of it
    /// later.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <exception cref="RefusedException">It is not paused.</exception>
    public Task<SessionAnswer> ResumeAsync(
        string? reason = null,
        string? by = null,
        TimeSpan? answerWithin = null,
        CancellationToken cancellationToken = default
    ) =>
        SendAsync(
            new ResumeCommand
            {
                Reason = reason,
                By = by,
                AnswerWithin = answerWithin,
            },
            grain.ResumeAsync,
            cancellationToken
        );
}
