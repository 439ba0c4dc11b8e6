namespace AgentBudget.Orleans.PostgreSql.Membership;

/// <summary>Makes the tables of the membership before the silo looks for them.</summary>
internal sealed class MembershipStart(MembershipDatabase database) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(MembershipStart), ServiceLifecycleStage.First, database.StartAsync);
}
