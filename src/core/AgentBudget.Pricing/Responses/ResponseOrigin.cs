using AgentBudget.Pricing.Responses;

namespace AgentBudget;

/// <summary>What a caller knows about a response before reading it. Everything may be left out.</summary>
/// <param name="Provider">The provider, by the price table's id or alias; goes before what the response looks like.</param>
/// <param name="Model">The model that was asked for, for responses that name none.</param>
/// <param name="Region">The region that the call was made in, where it is known from elsewhere than the response.</param>
public readonly record struct ResponseOrigin(string? Provider = null, string? Model = null, string? Region = null)
{
    /// <summary>
    /// What the address of a call tells: the provider by its host, the model and the region where they stand in the path or the host
    /// (Gemini, Vertex, Bedrock, Azure's deployments; the regional hosts of OpenAI, xAI and Google). An unknown host tells nothing.
    /// </summary>
    /// <param name="address">The address that was called, absolute.</param>
    public static ResponseOrigin Of(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri ? ProviderHosts.Read(address) : default;
    }
}
