namespace AgentBudget.Http.Requests;

/// <summary>Tells requests that look at a response which is made in the background by their address: <c>GET …/{id}</c>,
/// <c>POST …/{id}/cancel</c>, <c>DELETE …/{id}</c>.</summary>
internal static class BackgroundCalls
{
    /// <summary>The id of the response that a request is about; null for a request of another kind. What is asked for beside a response
    /// (its input, for instance) does not say what became of it.</summary>
    public static string? Find(HttpMethod method, Uri address)
    {
        var segments = address.AbsolutePath.TrimEnd('/').Split('/');
        var isCancel = method == HttpMethod.Post && segments is [.., _, "cancel"];
        if (!isCancel && method != HttpMethod.Get && method != HttpMethod.Delete)
            return null;
        var id = segments[isCancel ? ^2 : ^1];
        return id.Length > 0 ? Uri.UnescapeDataString(id) : null;
    }
}
