namespace AgentBudget.Orleans.Storage;

/// <summary>
/// What goes out of a ledger is kept here by whoever sends it: endpoints, deliveries that wait for another attempt, a log. Named rows in
/// named lists, of which the store knows nothing else. They stand in the partition's own database, beside the feed and its consumers, so
/// that how far a consumer has come and what it has yet to do are restored together.
/// </summary>
public interface IDeliveryStore
{
    /// <summary>Rows of a list, by name in ordinal order.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="list">The list's name: up to 128 ASCII characters.</param>
    /// <param name="after">Only those behind this name; null for all.</param>
    /// <param name="count">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<DeliveryRow>> ReadAsync(
        int partition,
        string list,
        string? after,
        int count,
        CancellationToken cancellationToken
    );

    /// <summary>Puts rows, over those of the same names, and deletes others, all in one go, durable on return. Deleting what is not there
    /// does nothing.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="put">The rows.</param>
    /// <param name="deleted">What to delete; none of it is put as well.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask WriteAsync(
        int partition,
        IReadOnlyList<DeliveryRow> put,
        IReadOnlyList<DeliveryKey> deleted,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes a list with all of its rows.</summary>
    ValueTask DeleteAsync(int partition, string list, CancellationToken cancellationToken);
}

/// <summary>A row of a list.</summary>
/// <param name="List">The list.</param>
/// <param name="Name">Its name in it: up to 256 ASCII characters.</param>
/// <param name="Detail">What stands in it: the writer's own form.</param>
public sealed record DeliveryRow(string List, string Name, string Detail);

/// <summary>Names a row.</summary>
/// <param name="List">The list.</param>
/// <param name="Name">The row's name in it.</param>
public readonly record struct DeliveryKey(string List, string Name);
