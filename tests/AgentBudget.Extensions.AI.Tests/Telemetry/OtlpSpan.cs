using System.Buffers.Binary;
using System.Text;

namespace AgentBudget.Extensions.AI.Tests.Telemetry;

/// <summary>A span as it arrives by OTLP: its name, and its attributes as text and numbers.</summary>
/// <param name="Name">The name.</param>
/// <param name="Attributes">Texts, doubles, and what is neither as null.</param>
internal sealed record OtlpSpan(string Name, IReadOnlyDictionary<string, object?> Attributes)
{
    // The numbers of fields in opentelemetry.proto.collector.trace.v1, from the request down to a value.
    private const int ResourceSpans = 1;
    private const int ScopeSpans = 2;
    private const int Spans = 2;
    private const int SpanName = 5;
    private const int SpanAttributes = 9;
    private const int Key = 1;
    private const int Value = 2;
    private const int StringValue = 1;
    private const int DoubleValue = 4;

    /// <summary>The spans of an export.</summary>
    public static IEnumerable<OtlpSpan> Read(byte[] request) =>
        from resource in Parts(request, ResourceSpans)
        from scope in Parts(resource, ScopeSpans)
        from span in Parts(scope, Spans)
        select new OtlpSpan(Encoding.UTF8.GetString(Parts(span, SpanName).Single()), AttributesOf(span));

    private static Dictionary<string, object?> AttributesOf(byte[] span) =>
        Parts(span, SpanAttributes)
            .ToDictionary(
                attribute => Encoding.UTF8.GetString(Parts(attribute, Key).Single()),
                attribute => ValueOf(Parts(attribute, Value).Single())
            );

    private static object? ValueOf(byte[] value) =>
        Parts(value, StringValue).SingleOrDefault() is { } text ? Encoding.UTF8.GetString(text)
        : Parts(value, DoubleValue).SingleOrDefault() is { } number ? BinaryPrimitives.ReadDoubleLittleEndian(number)
        : null;

    // The bytes of each field of a number: those of a message, a text, or a number of fixed size; of a varint none.
    private static IEnumerable<byte[]> Parts(byte[] message, int wanted)
    {
        for (var at = 0; at < message.Length; )
        {
            var tag = Varint(message, ref at);
            var length = (tag & 7) switch
            {
                0 => (int)(0 * Varint(message, ref at)),
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                var other => throw new InvalidDataException($"A field of the kind {other}."),
            };
            if (tag >> 3 == (ulong)wanted)
                yield return message[at..(at + length)];
            at += length;
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
