namespace AgentBudget.Client.Sessions;

/// <summary>How sessions are opened, whoever asks for it.</summary>
internal static class SessionOpening
{
    public static async Task<BudgetSession> OpenAsync(
        ClientServices services,
        BudgetSessionOptions options,
        string? sessionId,
        SessionCallbacks? callbacks,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var id = IdOf(sessionId ?? "session-" + services.Calls.NewKey(), options.Tenant);
        var link = SessionLink.To(services, id, child: null, callbacks ?? new SessionCallbacks());
        var answer = await link.SendAsync(new OpenCommand { Options = options }, link.Grain.OpenAsync, cancellationToken);
        var refusal = answer.Refusal ?? (answer.Standing.IsEnded ? new Refusal(RefusalReason.SessionEnded, Money.Zero) : null);
        if (refusal is not null)
            throw RefusedException.For(link.Id, refusal, report: null);
        return new BudgetSession(
            services,
            link,
            closesOnDispose: true,
            new KnownPolicy(link, answer.UnknownModels ?? options.UnknownModels)
        );
    }

    // The id says whose session it is.
    private static string IdOf(string sessionId, TenantPath? tenant) =>
        tenant is null || sessionId.Contains(SessionIds.TenantMark, StringComparison.Ordinal)
            ? sessionId
            : SessionIds.OfTenant(tenant, sessionId);
}
