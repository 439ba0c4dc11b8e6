using AgentBudget.Billing.Customers;
using AgentBudget.Server.Prices;

namespace AgentBudget.Server.Settings;

/// <summary>Reads the settings, and finds all that is wrong with them at once.</summary>
public static class SettingsReader
{
    /// <exception cref="SettingsException">Something is wrong, or is not a setting.</exception>
    public static ServerSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(ServerSettings.Section);
        var problems = UnknownSettings
            .Find(section, typeof(ServerSettings), typeof(AgentBudgetOptions))
            .Select(path => $"{path} is not a setting; docs/operations.md lists them all.")
            .ToList();
        var settings = Bind<ServerSettings>(section, problems);
        var ledger = Bind<AgentBudgetOptions>(section, problems);
        if (problems.Count == 0)
        {
            EnsureReadable<LivePricesOptions>(section.GetSection(nameof(AgentBudgetOptions.Prices)), problems);
            if (ServerSettings.ProblemOf(() => EnsureCustomers(configuration)) is { } unreadable)
                throw new SettingsException([unreadable]);
            EnsureReadable<BillingOptions>(section.GetSection(nameof(ServerSettings.Billing)), problems);
        }

        if (settings is not null)
            problems.AddRange(settings.FindProblems());
        if (ledger is not null && ServerSettings.ProblemOf(ledger.Validate) is { } problem)
            problems.Add(problem);
        else if (ledger is not null)
            problems.AddRange(PriceUpdates.FindProblems(ledger.Prices).Select(found => $"{section.Path}:Prices:UpdateFrom:{found}"));
        return problems.Count == 0 ? settings! : throw new SettingsException([.. problems.Distinct()]);
    }

    private static void EnsureCustomers(IConfiguration configuration) =>
        CustomerKeys.Validate(configuration, BillingSiloBuilderExtensions.ConfigurationSection);

    // Binding drops an entry of a list that it cannot read without a word; a price, or a customer, must not vanish like that.
    private static void EnsureReadable<T>(IConfigurationSection part, List<string> problems)
        where T : class, new()
    {
        try
        {
            part.Bind(new T(), binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            var cause = exception;
            while (cause.InnerException is InvalidOperationException inner)
                cause = inner;
            problems.Add($"{part.Path} cannot be read: {cause.Message} docs/operations.md says what it may hold.");
        }
    }

    private static T? Bind<T>(IConfigurationSection section, List<string> problems)
        where T : class, new()
    {
        var bound = new T();
        try
        {
            section.Bind(bound);
            return bound;
        }
        catch (InvalidOperationException exception)
        {
            // Names the setting and the type that it must have. The value stands in it, too; no setting of such a type is a secret.
            problems.Add($"{exception.Message} docs/operations.md says what it may be.");
            return null;
        }
    }
}
