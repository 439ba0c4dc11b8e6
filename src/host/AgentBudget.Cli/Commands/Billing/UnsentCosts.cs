using System.Globalization;
using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Notes;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Commands.Billing;

/// <summary>What of a ledger an export has not sent, as far as that can be seen: the dead letters in a command's file and at a server, and
/// how far behind it is.</summary>
internal sealed class UnsentCosts
{
    /// <summary>The most dead letters that a server tells at once.</summary>
    private const int MostOfServer = 10_000;

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly List<string> unseen = [];
    private readonly List<string> notes = [];
    private int doubtful;

    private UnsentCosts() { }

    /// <summary>Ids of the dead letters.</summary>
    public IReadOnlySet<string> Ids => ids;

    /// <summary>What could not be seen, so that a comparison is not of everything; in sentences.</summary>
    public IReadOnlyList<string> Unseen => unseen;

    /// <summary>What else is worth knowing of them; in sentences.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Reads them.</summary>
    /// <param name="name">The export.</param>
    /// <param name="named">The file of a command's dead letters; null for the one that it has by itself.</param>
    /// <param name="grains">The ledger.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<UnsentCosts> ReadAsync(
        string name,
        string? named,
        IGrainFactory grains,
        LedgerAddress address,
        CancellationToken cancellationToken
    )
    {
        var found = new UnsentCosts();
        var file = named ?? name + ".dead.jsonl";
        found.Add(await new FileNotes(file).ReadDeadAsync(cancellationToken));
        if (address.Server is not null)
            await found.AddOfServerAsync(name, grains, cancellationToken);
        else if (named is null && !File.Exists(file))
            found.notes.Add(
                $"There is no {file}: if dead letters are kept elsewhere, as by a program's own export, they count as sent here."
            );
        await found.LookAtPlaceAsync(name, grains, cancellationToken);
        if (found.doubtful > 0)
            found.notes.Add(
                Text($"{found.doubtful:N0} dead letters may have been taken all the same (doubtful_since); they count as not sent here.")
            );
        return found;
    }

    private void Add(IReadOnlyCollection<DeadCost> dead)
    {
        foreach (var one in dead.Where(one => ids.Add(one.Cost.Id)))
            doubtful += one.DoubtfulSince is null ? 0 : 1;
    }

    private async Task AddOfServerAsync(string name, IGrainFactory grains, CancellationToken cancellationToken)
    {
        try
        {
            var lines = await grains.GetGrain<IBillingExport>(name).DeadLettersAsync(MostOfServer).WaitAsync(cancellationToken);
            Add([.. lines.Select(CostJson.ReadDead)]);
            if (lines.Count >= MostOfServer)
                unseen.Add(Text($"The server has {MostOfServer:N0} dead letters of '{name}' or more; those behind were not seen."));
        }
        catch (ArgumentException)
        {
            notes.Add($"The server has no export '{name}', so that its dead letters are those of a command alone; --name names another.");
        }
    }

    private async Task LookAtPlaceAsync(string name, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var consumers = await grains.GetGrain<IBudgetEventFeed>(0).ConsumersAsync().WaitAsync(cancellationToken);
        var place = consumers.FirstOrDefault(consumer => consumer.Name == FeedOfExport.ConsumerOf(name));
        if (place is null)
            notes.Add($"The ledger knows no export '{name}', so that nothing may have been sent yet; --name names another.");
        else if (place.Behind > 0)
            notes.Add(Text($"The export '{name}' is {place.Behind:N0} rows of the feed behind; costs in them count as sent here."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
