using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>The idempotency key of a call that belongs to a step: the step's own, and what the call sends, so that each call of an agent's
/// turn has another, and the same one when the step is run again.</summary>
internal static class StepKey
{
    /// <summary>What the step's key is called in the options.</summary>
    public const string Name = "agentbudget.key";

    private const int FingerprintBytes = 12;

    /// <summary>The step's key, taken out of what is sent; null for a call of no step.</summary>
    public static string? TakeFrom(ref ChatOptions? options)
    {
        if (options?.AdditionalProperties is not { } properties || !properties.TryGetValue(Name, out string? key))
            return null;
        options = options.Clone();
        options.AdditionalProperties!.Remove(Name);
        return key;
    }

    /// <summary>The key of a call.</summary>
    public static string Of(string step, string model, IReadOnlyList<ChatMessage> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, model);
        foreach (var message in messages)
        {
            Append(hash, message.Role.Value);
            foreach (var content in message.Contents)
                Append(hash, content);
        }

        return $"{step}/{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, FingerprintBytes))}";
    }

    private static void Append(IncrementalHash hash, AIContent content)
    {
        switch (content)
        {
            case TextContent { Text: var text }:
                Append(hash, text);
                break;
            case FunctionCallContent call:
                Append(hash, call.CallId + ContentText.Of(call));
                break;
            case FunctionResultContent result:
                Append(hash, result.CallId + ContentText.Json(result.Result));
                break;
            case DataContent data:
                hash.AppendData(data.Data.Span);
                break;
            default:
                Append(hash, ContentText.Json(content));
                break;
        }
    }

    // One text must not look like two.
    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(BitConverter.GetBytes(text.Length));
        hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
