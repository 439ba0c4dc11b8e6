namespace AgentBudget.Pricing.Names;

/// <summary>
/// An ARN that names its model: of a foundation model, or of an inference profile that Amazon defines. One of an application's own profile
/// ends in an id that says nothing of its model, and stays unknown.
/// </summary>
internal static class BedrockArn
{
    private const string Mark = "arn:aws";

    public static bool TryRead(ReadOnlySpan<char> name, out ReadOnlySpan<char> model)
    {
        model = [];
        if (!name.StartsWith(Mark))
            return false;
        var service = name.IndexOf(":bedrock:");
        var slash = name.IndexOf('/');
        if (service < 0 || slash < service)
            return false;
        var kind = name[(name[..slash].LastIndexOf(':') + 1)..slash];
        if (!kind.SequenceEqual("foundation-model") && !kind.SequenceEqual("inference-profile"))
            return false;
        model = name[(slash + 1)..];
        return !model.IsEmpty;
    }
}
