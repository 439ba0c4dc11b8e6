namespace AgentBudget;

/// <summary>The stretch of time over which a tenant's limit counts.</summary>
public enum WindowKind : byte
{
    /// <summary>For good.</summary>
    Total = 0,

    /// <summary>A calendar day in the tenant's time zone.</summary>
    Day = 1,

    /// <summary>A week from the tenant's first weekday on.</summary>
    Week = 2,

    /// <summary>A calendar month in the tenant's time zone.</summary>
    Month = 3,
}
