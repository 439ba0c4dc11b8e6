namespace AgentBudget.Pricing.Responses;

/// <summary>Providers by the hosts of their APIs.</summary>
internal static class ProviderHosts
{
    // The end of the host; the longest that fits would be right, and none is the end of another.
    private static readonly (string Host, string Provider)[] Ends =
    [
        ("api.openai.com", "openai"),
        ("api.anthropic.com", "anthropic"),
        ("generativelanguage.googleapis.com", "google"),
        ("aiplatform.googleapis.com", "google-vertex"),
        ("openai.azure.com", "azure"),
        ("services.ai.azure.com", "azure"),
        ("cognitiveservices.azure.com", "azure"),
        ("api.mistral.ai", "mistral"),
        ("api.cohere.com", "cohere"),
        ("api.cohere.ai", "cohere"),
        ("api.deepseek.com", "deepseek"),
        ("api.x.ai", "xai"),
        ("api.groq.com", "groq"),
        ("openrouter.ai", "openrouter"),
        ("api.perplexity.ai", "perplexity"),
        ("api.together.xyz", "together"),
        ("api.together.ai", "together"),
        ("api.fireworks.ai", "fireworks"),
        ("api.cerebras.ai", "cerebras"),
        ("api.z.ai", "zai"),
        ("open.bigmodel.cn", "zai"),
        ("api.minimax.io", "minimax"),
        ("api.moonshot.ai", "moonshot"),
        ("api.moonshot.cn", "moonshot"),
        ("api.deepinfra.com", "deepinfra"),
    ];

    public static ResponseOrigin Read(Uri address)
    {
        var host = address.IdnHost.ToLowerInvariant();
        if (host.StartsWith("bedrock-runtime", StringComparison.Ordinal) && host.EndsWith(".amazonaws.com", StringComparison.Ordinal))
            return new ResponseOrigin("bedrock", After(address, "model"), host.Split('.')[1]);
        foreach (var (end, provider) in Ends)
        {
            if (!IsAt(host, end))
                continue;
            var model = After(address, "models") ?? After(address, "deployments");
            return new ResponseOrigin(provider, model?.Split(':')[0], provider == "google-vertex" ? After(address, "locations") : null);
        }

        return default;
    }

    // Vertex puts the region in front with a hyphen; everybody else a name with a dot.
    private static bool IsAt(string host, string end) =>
        host.EndsWith(end, StringComparison.Ordinal) && (host.Length == end.Length || host[^(end.Length + 1)] is '.' or '-');

    private static string? After(Uri address, string name)
    {
        var segments = address.AbsolutePath.Split('/');
        var place = Array.IndexOf(segments, name);
        return place >= 0 && place + 1 < segments.Length && segments[place + 1].Length > 0
            ? Uri.UnescapeDataString(segments[place + 1])
            : null;
    }
}
