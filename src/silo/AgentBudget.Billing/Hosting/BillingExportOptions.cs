using AgentBudget.Billing.Customers;

namespace AgentBudget;

/// <summary>Where costs go.</summary>
public enum BillingTarget : byte
{
    /// <summary>A file, one cost a line.</summary>
    Lines = 0,

    /// <summary>OpenMeter, as CloudEvents.</summary>
    OpenMeter = 1,

    /// <summary>Stripe, as meter events in nano-dollars.</summary>
    Stripe = 2,

    /// <summary>Lago, as usage events with their amounts in cents.</summary>
    Lago = 3,

    /// <summary>Orb, as usage events.</summary>
    Orb = 4,
}

/// <summary>One export of costs: where to, and who pays. Bound to <c>AgentBudget:Billing:Exports:0</c> and so on.</summary>
public sealed class BillingExportOptions
{
    /// <summary>The longest name.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The most customers of a table.</summary>
    public const int MaxCustomers = 100_000;

    private const int MaxTextLength = 200;

    /// <summary>Its name: 1 to 64 letters, digits and <c>. _ -</c> (ASCII). Its place in the feed and its dead letters are kept under it.
    /// Default: <c>default</c>.</summary>
    public string Name { get; set; } = "default";

    /// <summary>Where to. Default: lines.</summary>
    public BillingTarget To { get; set; }

    /// <summary>The file of lines, which is made where it is missing. Needed for lines, and for nothing else.</summary>
    public string? Path { get; set; }

    /// <summary>The billing system's address, such as <c>https://api.stripe.com</c>. Default: the vendor's own; https, or http where no key
    /// is sent or it is on this machine.</summary>
    public string? Url { get; set; }

    /// <summary>The billing system's key. It is never logged. Default: none, which only an OpenMeter of one's own takes.</summary>
    public string? Key { get; set; }

    /// <summary>What the billing system's meter calls these events: the type of OpenMeter, <c>event_name</c> of Stripe and Orb,
    /// <c>code</c> of Lago. Default: <c>agentbudget_cost</c>; 1 to 100 characters.</summary>
    public string EventName { get; set; } = "agentbudget_cost";

    /// <summary>
    /// Customers by the path of their tenant, which pay for the tenants below it as well unless those have one of their own; <c>~</c> for
    /// sessions without a tenant. Of Lago they are external ids of subscriptions. Up to 100,000. Lines need none: each tenant is its own
    /// customer there.
    /// </summary>
    public IDictionary<string, string> Customers { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A file with more of them, as one JSON object such as <c>{"acme:eu": "cus_1"}</c>: for tenants with a colon in their path,
    /// and for such as differ in upper and lower case alone, which configuration cannot tell apart. Read when the export starts; up to
    /// 64 MiB. Default: none.</summary>
    public string? CustomersFile { get; set; }

    /// <summary>Who pays for all others. Default: nobody; what they cost is kept as a dead letter.</summary>
    public string? DefaultCustomer { get; set; }

    /// <summary>Whether an export of a new name begins with the oldest costs that are kept, or with those to come. Default: with those to
    /// come.</summary>
    public bool FromStart { get; set; }

    /// <summary>How old a cost may be to be sent; what is older is kept as a dead letter. Default: what the billing system states, 35 days
    /// of Stripe; 1 hour to 3,650 days, and at most what it states.</summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is missing or out of its range; the message names it and the mend.</exception>
    public void Validate()
    {
        if (
            Name is null
            || Name.Length is 0 or > MaxNameLength
            || !Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
        )
            throw new ArgumentException($"The Name of an export must be 1 to {MaxNameLength} letters, digits and . _ - (ASCII).");
        if (!Enum.IsDefined(To))
            throw Wrong($"To is {To}; there are {string.Join(", ", Enum.GetNames<BillingTarget>())}");
        if (string.IsNullOrEmpty(EventName) || EventName.Length > 100 || EventName.Any(char.IsControl))
            throw Wrong("EventName must be 1 to 100 characters, none of them a control character");
        if (MaxAge is { } age && (age < TimeSpan.FromHours(1) || age > TimeSpan.FromDays(3_650)))
            throw Wrong("MaxAge must be from 1 hour to 3,650 days");
        ValidateCustomers();
        ValidateWhere();
    }

    private void ValidateCustomers()
    {
        if (Customers is null)
            throw Wrong("Customers is null; leave it out for none");
        var all = ReadCustomers();
        if (all.Count > MaxCustomers)
            throw Wrong($"Customers are {all.Count:N0}; at most {MaxCustomers:N0} may be");
        foreach (var (tenant, customer) in all)
        {
            if (tenant != BudgetStreams.NoTenant && !TenantPath.TryParse(tenant, out _, out var problem))
                throw Wrong($"Customers has '{tenant}', whose path {problem.TrimEnd('.')}");
            ValidateCustomer(customer, $"Customers:{tenant}");
        }

        if (DefaultCustomer is not null)
            ValidateCustomer(DefaultCustomer, nameof(DefaultCustomer));
        if (To != BillingTarget.Lines && all.Count == 0 && DefaultCustomer is null)
            throw Wrong("Customers has nobody who pays; name the customer of each tenant, or a DefaultCustomer");
    }

    private Dictionary<string, string> ReadCustomers()
    {
        try
        {
            return CustomerFile.CustomersOf(this);
        }
        catch (ArgumentException wrong)
        {
            throw Wrong($"CustomersFile {wrong.Message}");
        }
    }

    private void ValidateCustomer(string? customer, string what)
    {
        if (string.IsNullOrWhiteSpace(customer) || customer.Length > MaxTextLength || customer.Any(char.IsControl))
            throw Wrong($"{what} must be 1 to {MaxTextLength} characters, none of them a control character");
    }

    private void ValidateWhere()
    {
        if (To == BillingTarget.Lines)
        {
            if (string.IsNullOrWhiteSpace(Path))
                throw Wrong("Path is missing; name the file that lines are appended to");
            return;
        }

        if (To != BillingTarget.OpenMeter && string.IsNullOrWhiteSpace(Key))
            throw Wrong($"Key is missing; {To} takes nothing without one");
        if (Key is not null && (Key.Length is 0 or > 1_000 || Key.Any(letter => letter is <= ' ' or > '~')))
            throw Wrong("Key must be 1 to 1,000 characters of ASCII without spaces");
        if (Url is null)
            return;
        if (
            !Uri.TryCreate(Url, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
        )
            throw Wrong("Url is no address; write one such as https://api.example.com");
        if (address.PathAndQuery != "/")
            throw Wrong("Url must be scheme, host and port alone: the path is the billing system's own");
        if (address.Scheme == Uri.UriSchemeHttp && Key is not null && !address.IsLoopback)
            throw Wrong("Url must begin with https://, for the key goes there");
    }

    private ArgumentException Wrong(string what) => new($"The export '{Name}': {what}.");
}
