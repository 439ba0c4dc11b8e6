using System.Buffers.Binary;
using System.Text;

namespace AgentBudget.Pricing.Tests.Responses;

/// <summary>Frames events as AWS does.</summary>
internal static class AwsEventStream
{
    /// <summary>One event with a header and no checksums, which the reader does not look at.</summary>
    public static byte[] Message(string payload)
    {
        byte[] headers = [11, .. ":event-type"u8, 7, 0, 1, (byte)'x'];
        var body = Encoding.UTF8.GetBytes(payload);
        var message = new byte[12 + headers.Length + body.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), headers.Length);
        headers.CopyTo(message, 12);
        body.CopyTo(message, 12 + headers.Length);
        return message;
    }
}
