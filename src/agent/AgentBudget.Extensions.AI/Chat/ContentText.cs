using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>What contents are as text, as far as they are.</summary>
internal static class ContentText
{
    /// <summary>A call of a tool as it is sent: its name and arguments.</summary>
    public static string Of(FunctionCallContent call) => $"{call.Name}{Json(call.Arguments)}";

    /// <summary>A value as it is sent.</summary>
    public static string Json(object? value)
    {
        if (value is null or string)
            return value as string ?? "";
        if (value is JsonElement json)
            return json.GetRawText();
        try
        {
            return JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            // What has no such form is not sent as one, either.
            return value.ToString() ?? "";
        }
    }
}
