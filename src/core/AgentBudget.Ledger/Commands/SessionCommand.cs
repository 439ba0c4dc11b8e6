using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>Something that a caller wants of a session.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.command")]
public abstract record SessionCommand
{
    [Id(0)]
    private string? key;

    [Id(1)]
    private ulong keyHash;

    /// <summary>
    /// The caller's name for this one intent: 1 to 128 of <c>A-Z a-z 0-9 . _ : / -</c>, unique within the session over all operations.
    /// The same key with the same body gives the same answer again. Null: the operation is not protected against repeats.
    /// </summary>
    public string? Key
    {
        get => key;
        init => (key, keyHash) = (value, value is null ? 0 : BodyHash.Of(value));
    }

    /// <summary>The hash of the key, as <see cref="BodyHash.Of"/> gives it, for look-up tables; 0 without a key.</summary>
    public ulong KeyHash => keyHash;

    /// <summary>
    /// Whether the key was made just now and never sent before, so that no look-up of the timeline is needed. Default: no. A retry
    /// must not say so.
    /// </summary>
    [Id(2)]
    public bool IsKeyFresh { get; init; }

    /// <summary>Whether the command names usage and no amount, so that it needs <see cref="LookUps.Price"/> to be decided. Default:
    /// no.</summary>
    public virtual bool NeedsPrice => false;

    /// <summary>
    /// What stands in a body's hash for an amount that is still to be found. The usage stands there as well, and the price does not: a
    /// retry means the same when prices have moved.
    /// </summary>
    private protected const long PricedLater = -1;

    /// <summary>The hash of what the command asks for, key aside.</summary>
    public long HashBody()
    {
        var hash = default(BodyHash);
        hash.Add(BodyKind);
        AddTo(ref hash);
        return hash.Value;
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the mend.</exception>
    public void Validate()
    {
        Checks.OptionalId(Key, "The idempotency key");
        ValidateBody();
    }

    /// <summary>Whether it is refused where no session is open. A command that opens one, or sees to it that none ever is, is
    /// not.</summary>
    internal virtual bool IsForOpenSession => true;

    /// <summary>Whether it is for a tenant's ledger.</summary>
    internal virtual bool IsForTenant => false;

    /// <summary>Whether it is for a session's.</summary>
    internal virtual bool IsForSession => !IsForTenant;

    /// <summary>Whether it opens a tenant's ledger that never was: what is said of a path before anybody spends there is to hold.</summary>
    internal virtual bool BeginsTenant => false;

    /// <summary>The entry that has to be looked up before it can be decided; 0 for none.</summary>
    internal virtual long EntryToLookUp(SessionState state) => 0;

    /// <summary>The same command with what its usage costs. The turn keeps it as it came: its hash is what the caller asked for, whatever
    /// the price.</summary>
    internal virtual SessionCommand PricedAt(PricedUsage price) => throw new NotSupportedException($"{GetType().Name} has no price.");

    /// <summary>Decides: writes entries to the turn, or refuses.</summary>
    internal abstract SessionAnswer Decide(Turn turn);

    /// <summary>A number of its own for each command: it stands in stored hashes and never changes.</summary>
    private protected abstract int BodyKind { get; }

    private protected abstract void AddTo(ref BodyHash hash);

    private protected abstract void ValidateBody();
}
