namespace AgentBudget.Billing.Notes;

/// <summary>What an export keeps besides its place in the feed, durably.</summary>
internal interface IExportNotes
{
    /// <summary>Its dead letters.</summary>
    Task<IReadOnlyList<DeadCost>> ReadDeadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps dead letters, over those of the same costs, and lets others go; durable on return.</summary>
    /// <param name="put">What is kept.</param>
    /// <param name="gone">What is not any more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task WriteDeadAsync(IReadOnlyCollection<DeadCost> put, IReadOnlyCollection<DeadCost> gone, CancellationToken cancellationToken);

    /// <summary>The page of a partition that was on its way; null for none.</summary>
    Task<BegunPage?> ReadBegunAsync(int partition, CancellationToken cancellationToken);

    /// <summary>A page of a partition is on its way, or, with null, no more; durable on return.</summary>
    Task WriteBegunAsync(int partition, BegunPage? begun, CancellationToken cancellationToken);
}
