using System.Collections.Concurrent;
using System.Threading.Channels;
using AgentBudget.Orleans.Feed;
using AgentBudget.Webhooks.Addresses;
using AgentBudget.Webhooks.Endpoints;
using AgentBudget.Webhooks.Sending;
using AgentBudget.Webhooks.Signing;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>
/// Delivers to one endpoint: reads the feed, posts what the plan says, writes down what has come of it. One loop owns the plan; attempts
/// end into its channel.
/// </summary>
internal sealed class EndpointDelivery : IAsyncDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly WebhookServices services;
    private readonly Uri address;
    private readonly LiveSecrets secrets;
    private readonly DeliveryPlan plan;
    private readonly FeedOfEndpoint feed;
    private readonly EndpointHealth health;
    private readonly EndpointWriting writing;
    private readonly PostSender sender;
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource givingUp = new();
    private readonly ConcurrentQueue<PlannedPost> told = [];
    private readonly Channel<EndedAttempt> ended = Channel.CreateUnbounded<EndedAttempt>();
    private Task running = Task.CompletedTask;
    private DateTimeOffset lastAttemptAt;
    private int waiting;

    /// <exception cref="ArgumentException">The address may not be posted to.</exception>
    /// <exception cref="AgentBudgetException">A secret cannot be read.</exception>
    public EndpointDelivery(WebhookServices services, StoredEndpoint endpoint, AttemptLog attempts)
    {
        this.services = services;
        address = EndpointAddress.Parse(endpoint.Url, services.Options.AllowInsecureAddresses);
        secrets = LiveSecrets.Of(endpoint, services.Keeper);
        plan = new DeliveryPlan(services.Store.Partitions, services.Options.PostsAtOnce, services.Options.MaxWaiting);
        var rests = new PartitionRests(services.Store.Partitions, services.Options.PollInterval);
        feed = new FeedOfEndpoint(services, endpoint, rests);
        health = new EndpointHealth(endpoint, services.Options.DisableAfter);
        writing = new EndpointWriting(services, attempts, rests);
        sender = services.NewSender(services.Options.PostsAtOnce);
    }

    /// <summary>The endpoint as it stands.</summary>
    public StoredEndpoint Endpoint => health.Endpoint;

    /// <summary>Posts that wait for another attempt.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Whether it has come to its end.</summary>
    public bool IsOver => running.IsCompleted;

    /// <summary>Takes the endpoint over, and begins.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await feed.TakeAsync(plan, cancellationToken);
        waiting = plan.Waiting;
        running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Posts what is to be told of others, which waits in the store by now.</summary>
    public void Tell(IEnumerable<PlannedPost> notices)
    {
        foreach (var notice in notices)
            told.Enqueue(notice);
    }

    /// <summary>Begins nothing any more, gives what is under way a moment, and writes down what came of it.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
        givingUp.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested && Endpoint.State == WebhookState.Active && !feed.IsTakenOver)
        {
            try
            {
                var hasMore = await StepAsync();
                failures = 0;
                await WaitAsync(hasMore ? TimeSpan.Zero : services.Options.PollInterval);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                WebhooksLog.StepFailed(services.Log, exception, Endpoint.Id);
                // Whatever is due meanwhile: what has failed fails again.
                await RestAsync(PartitionRests.After(++failures, services.Options.PollInterval));
            }
            catch (Exception)
            {
                break;
            }
        }

        await EndAsync();
        sender.Dispose();
    }

    // Says whether there is more to do at once.
    private async Task<bool> StepAsync()
    {
        HandleEnded();
        while (told.TryDequeue(out var notice))
            plan.TakeUp(notice);
        if (health.Filled(plan, Now))
        {
            WebhooksLog.Full(services.Log, Endpoint.Id, plan.Waiting);
            services.Metrics.BecameFull();
        }

        await SaveAsync(isEnd: false);
        // What has just ended may have disabled it: it is posted to no more.
        if (Endpoint.State != WebhookState.Active)
            return false;
        if (plan.IsFull && plan.UnderWay == 0 && Now - lastAttemptAt >= RetrySchedule.ProbeInterval)
            plan.Probe(Now);
        var hasMore = false;
        if (!health.IsQuiet(Now) && plan.WantsMore)
            hasMore = await feed.ReadAsync(plan, stopping.Token);
        while (!health.IsQuiet(Now) && plan.Next(Now) is { } next)
            _ = PostAsync(next);
        return hasMore && plan.WantsMore;
    }

    private DateTimeOffset Now => services.Clock.Time.GetUtcNow();

    private async Task PostAsync(PlannedPost post)
    {
        var at = lastAttemptAt = Now;
        PostOutcome? outcome = null;
        try
        {
            outcome = await sender.SendAsync(address, post.Post, secrets.At(at), givingUp.Token);
        }
        // Whatever it is by which it was given up: an attempt that does not end here would be waited for.
        catch (Exception)
        {
            // Nobody knows whether it was taken: it is posted again, under the same id.
        }

        ended.Writer.TryWrite(new EndedAttempt(post, at, outcome));
    }

    private void HandleEnded()
    {
        while (ended.Reader.TryRead(out var attempt))
            Handle(attempt);
    }

    private void Handle(EndedAttempt attempt)
    {
        if (attempt.Outcome is not { } outcome)
        {
            plan.WasGivenUp(attempt.Post);
            return;
        }

        var number = attempt.Post.Failed + 1;
        var isGivenUp = plan.Ended(attempt.Post, outcome, Now);
        writing.Add(attempt, number, isGivenUp);
        services.Metrics.Posted(outcome.IsAccepted, isGivenUp);
        if (isGivenUp)
            WebhooksLog.GivenUp(services.Log, Endpoint.Id, attempt.Post.Post.Type, attempt.At);
        // Nobody asked for notices: an endpoint that does not want one is well all the same.
        if (attempt.Post.Post.Type == EventPosts.DisabledType && !outcome.IsAccepted)
            return;
        switch (health.Attempted(outcome, Now))
        {
            case HealthChange.Recovered:
                WebhooksLog.Recovered(services.Log, Endpoint.Id);
                plan.BringForward(Now);
                break;
            case HealthChange.Failing:
                WebhooksLog.Failing(services.Log, Endpoint.Id);
                break;
            case HealthChange.Disabled:
                WebhooksLog.Disabled(services.Log, Endpoint.Id, Endpoint.Reason!);
                break;
        }
    }

    private async Task SaveAsync(bool isEnd)
    {
        var token = CancellationToken.None;
        await writing.SaveAsync(plan, health, isEnd, token);
        await feed.SaveAsync(plan, isEnd, token);
        Volatile.Write(ref waiting, plan.Waiting);
    }

    // Until an attempt ends, something is due, or the feed is to be looked at again.
    private async Task WaitAsync(TimeSpan longest)
    {
        var now = Now;
        var next =
            health.IsQuiet(now) ? Endpoint.QuietUntil
            : plan.UnderWay < services.Options.PostsAtOnce ? plan.NextAt(now)
            : null;
        var pause = next is { } at && at - now < longest ? at - now : longest;
        if (pause <= TimeSpan.Zero || ended.Reader.TryPeek(out _))
            return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var delay = Task.Delay(pause, services.Clock.Time, over.Token);
        await Task.WhenAny(ended.Reader.WaitToReadAsync(over.Token).AsTask(), delay);
        await over.CancelAsync();
    }

    private async Task RestAsync(TimeSpan pause) =>
        await Task.Delay(pause, services.Clock.Time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task EndAsync()
    {
        try
        {
            givingUp.CancelAfter(LongestEnd);
            HandleEnded();
            while (plan.UnderWay > 0)
                Handle(await ended.Reader.ReadAsync());
            await SaveAsync(isEnd: true);
        }
        catch (Exception exception)
        {
            // What was not written down is posted again, under the same ids.
            WebhooksLog.StepFailed(services.Log, exception, Endpoint.Id);
        }
    }
}
