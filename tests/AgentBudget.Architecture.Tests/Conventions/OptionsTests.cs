using System.Reflection;

namespace AgentBudget.Architecture.Tests.Conventions;

/// <summary>What a program leaves null in its options is told by name, and is never a bare null reference at some later line.</summary>
public sealed class OptionsTests
{
    private static readonly string[] Gateways = ["localhost:30000"];

    private static readonly Type[] OptionTypes =
    [
        typeof(AgentBudgetChatOptions),
        typeof(AgentBudgetClientOptions),
        typeof(AgentBudgetConnectionOptions),
        typeof(AgentBudgetHttpOptions),
        typeof(AgentBudgetOptions),
        typeof(BillingExportOptions),
        typeof(BillingOptions),
        typeof(BudgetSessionOptions),
        typeof(EmbeddedOptions),
        typeof(FailoverOptions),
        typeof(LivePricesOptions),
        typeof(PostgreSqlLedgerOptions),
        typeof(ReserveOptions),
        typeof(SqliteLedgerOptions),
        typeof(TenantSettings),
        typeof(TenantsOptions),
        typeof(UnknownModelRules),
        typeof(WebhooksOptions),
    ];

    public static TheoryData<Type, string> MustBeGiven
    {
        get
        {
            var nullability = new NullabilityInfoContext();
            var data = new TheoryData<Type, string>();
            foreach (var type in OptionTypes)
            {
                foreach (var property in type.GetProperties().Where(property => property.SetMethod is not null))
                {
                    if (!property.PropertyType.IsValueType && nullability.Create(property).WriteState == NullabilityState.NotNull)
                        data.Add(type, property.Name);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(MustBeGiven))]
    public void Options_WithAPartThatIsNull_NameIt(Type type, string property)
    {
        var options = Activator.CreateInstance(type)!;
        // Whatever is looked at before this part must be in its range.
        type.GetProperty(nameof(BudgetSessionOptions.Budget))?.SetValue(options, Money.FromDollars(1));
        type.GetProperty(nameof(AgentBudgetConnectionOptions.Gateways))?.SetValue(options, Gateways);
        type.GetProperty(property)!.SetValue(options, null);
        var validate = type.GetMethod("Validate", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [])!;

        var thrown = Assert.Throws<TargetInvocationException>(() => validate.Invoke(options, null));

        Assert.IsAssignableFrom<ArgumentException>(thrown.InnerException);
        Assert.Contains(property.TrimEnd('s'), Words(thrown.InnerException!.Message), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Options_ThatValidate_AreAllTried()
    {
        var assemblies = OptionTypes.Select(type => type.Assembly).Distinct();
        var all = assemblies
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal));
        Assert.Empty(all.Where(type => type.GetMethod("Validate", []) is not null).Except(OptionTypes));
    }

    private static string Words(string text) => text.Replace(" ", "", StringComparison.Ordinal);
}
