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
        if (host.StartsWith("bedrock-", StringComparison.Ordinal) && (IsAt(host, "amazonaws.com") || IsAt(host, "api.aws")))
            return new ResponseOrigin("bedrock", After(address, "model"), host.Split('.')[1]);
        if (Google(host) is { } google)
            return Origin(google.Provider, google.Region);
        foreach (var (end, provider) in Ends)
        {
            if (IsAt(host, end))
                return Origin(provider, IsInFront(host, end) ? host[..^(end.Length + 1)] : null);
        }

        return default;

        // A place in the path is more exact than the host.
        ResponseOrigin Origin(string provider, string? region)
        {
            var model = After(address, "models") ?? After(address, "deployments");
            var place = provider == "google-vertex" ? After(address, "locations") : null;
            return new ResponseOrigin(provider, model?.Split(':')[0], place ?? region);
        }
    }

    // aiplatform.eu.rep.googleapis.com keeps a call in a region, and so does europe-west4-aiplatform.googleapis.com.
    private static (string Provider, string Region)? Google(string host)
    {
        const string vertex = "-aiplatform.googleapis.com";
        if (host.EndsWith(vertex, StringComparison.Ordinal))
            return ("google-vertex", host[..^vertex.Length]);
        if (!host.EndsWith(".rep.googleapis.com", StringComparison.Ordinal))
            return null;
        return host.Split('.') switch
        {
            ["aiplatform", var region, "rep", "googleapis", "com"] => ("google-vertex", region),
            ["generativelanguage", var region, "rep", "googleapis", "com"] => ("google", region),
            _ => null,
        };
    }

    // eu.api.openai.com, us.api.openai.com, eu-west-1.api.x.ai. In front of other hosts stands the name of a resource.
    private static bool IsInFront(string host, string end) => host.Length > end.Length && end is "api.openai.com" or "api.x.ai";

    // Vertex puts the region in front with a hyphen; everybody else a name with a dot.
    private static bool IsAt(string host, string end) =>
        host.EndsWith(end, StringComparison.Ordinal) && (host.Length == end.Length || host[^(end.Length + 1)] is '.' or '-');

    private static string? After(Uri address, string name)
    {
        var path = address.AbsolutePath.AsSpan();
        var isNext = false;
        foreach (var place in path.Split('/'))
        {
            var segment = path[place];
            if (isNext)
                return segment.IsEmpty ? null : Uri.UnescapeDataString(segment);
            isNext = segment.SequenceEqual(name);
        }

        return null;
    }
}
