using AgentBudget.Client.Sessions;

namespace AgentBudget;

// Sub-agents: children of this session.
public sealed partial class BudgetSession
{
    /// <summary>Opens a child with money of its own, set aside in this session at once; what it does not spend comes back when it
    /// closes.</summary>
    /// <param name="name">The child's name; its session id is <c>{parent}/{name}</c>.</param>
    /// <param name="options">The child's options; its budget is what is set aside.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">The name is none or too long, or an option is out of its range.</exception>
    public async Task<BudgetSession> OpenChildAsync(
        string name,
        BudgetSessionOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        var grain = Whole();
        var id = SessionIds.OfChild(Id, name);
        options.Validate();
        var command = new OpenCarvedChildCommand { Child = id, Options = options };
        await link.ThrowIfRefusedAsync(await link.SendAsync(command, grain.OpenCarvedChildAsync, cancellationToken));
        var child = SessionLink.To(services, id, null, link.Callbacks);
        return new BudgetSession(services, child, closesOnDispose: true, new KnownPolicy(child, options.UnknownModels));
    }

    /// <summary>Opens a child with a budget in dollars and the default options.</summary>
    public Task<BudgetSession> OpenChildAsync(string name, string budget, CancellationToken cancellationToken = default) =>
        OpenChildAsync(name, Money.Parse(budget), cancellationToken);

    /// <summary>Opens a child with a budget, such as <c>1.00m</c> dollars, and the default options.</summary>
    public Task<BudgetSession> OpenChildAsync(string name, Money budget, CancellationToken cancellationToken = default) =>
        OpenChildAsync(name, new BudgetSessionOptions { Budget = budget }, cancellationToken);

    /// <summary>Opens a child that draws on this session's money call by call, with a report of its own.</summary>
    public async Task<BudgetSession> OpenSharedChildAsync(string name, CancellationToken cancellationToken = default)
    {
        await link.ThrowIfRefusedAsync(
            await link.SendAsync(new OpenSharedChildCommand { Child = name }, Whole().OpenSharedChildAsync, cancellationToken)
        );
        return new BudgetSession(services, SessionLink.To(services, Id, name, link.Callbacks), closesOnDispose: true, unknownModels);
    }
}
