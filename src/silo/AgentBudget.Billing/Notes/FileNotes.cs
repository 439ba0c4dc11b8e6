using System.Text.Json;
using AgentBudget.Billing.Costs;

namespace AgentBudget.Billing.Notes;

/// <summary>Notes in a file, for a program that has no store of its own: dead letters, one a line, and beside it what is on its way. A
/// change writes the file anew and puts it in the place of the old one, so that a kill does away with neither.</summary>
/// <param name="path">The file; made with the first dead letter.</param>
internal sealed class FileNotes(string path) : IExportNotes
{
    private readonly Dictionary<string, DeadCost> all = new(StringComparer.Ordinal);
    private bool isRead;

    /// <exception cref="AgentBudgetException">A line of the file is no dead letter.</exception>
    public async Task<IReadOnlyList<DeadCost>> ReadDeadAsync(CancellationToken cancellationToken)
    {
        if (isRead || !File.Exists(path))
            return [.. all.Values];
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
        {
            number++;
            var dead = Read(line, number);
            all[dead.Cost.Id] = dead;
        }

        isRead = true;
        return [.. all.Values];
    }

    public async Task WriteDeadAsync(
        IReadOnlyCollection<DeadCost> put,
        IReadOnlyCollection<DeadCost> gone,
        CancellationToken cancellationToken
    )
    {
        await ReadDeadAsync(cancellationToken);
        foreach (var dead in gone)
            all.Remove(dead.Cost.Id);
        foreach (var dead in put)
            all[dead.Cost.Id] = dead;
        await ReplaceAsync(
            path,
            all.Count == 0 ? null : string.Concat(all.Values.Select(dead => CostJson.Write(dead) + "\n")),
            cancellationToken
        );
    }

    public async Task<BegunPage?> ReadBegunAsync(int partition, CancellationToken cancellationToken) =>
        File.Exists(PageOf(partition)) ? CostJson.ReadBegun(await File.ReadAllTextAsync(PageOf(partition), cancellationToken)) : null;

    public Task WriteBegunAsync(int partition, BegunPage? begun, CancellationToken cancellationToken) =>
        ReplaceAsync(PageOf(partition), begun is null ? null : CostJson.Write(begun), cancellationToken);

    private static async Task ReplaceAsync(string file, string? text, CancellationToken cancellationToken)
    {
        if (text is null)
        {
            File.Delete(file);
            return;
        }

        var made = file + ".new";
        await using (var stream = new FileStream(made, FileMode.Create, FileAccess.Write))
        {
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(made, file, overwrite: true);
    }

    private DeadCost Read(string line, int number)
    {
        try
        {
            return CostJson.ReadDead(line);
        }
        catch (JsonException exception)
        {
            throw new AgentBudgetException(
                $"Line {number} of {path} is no dead letter ({exception.Message}); mend it, or take it out.",
                exception
            );
        }
    }

    private string PageOf(int partition) => FormattableString.Invariant($"{path}.page{partition}");
}
