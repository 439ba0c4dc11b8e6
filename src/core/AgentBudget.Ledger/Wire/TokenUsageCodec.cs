using System.Buffers;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace AgentBudget.Ledger.Wire;

/// <summary>
/// Sends the counts of a usage that are not zero, each under its number: what is counted anew travels without a change here, and a peer
/// that does not know a count yet passes over it.
/// </summary>
[RegisterSerializer]
internal sealed class TokenUsageCodec : IFieldCodec<TokenUsage>
{
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, TokenUsage value)
        where TBufferWriter : IBufferWriter<byte>
    {
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteStartObject(fieldIdDelta, expectedType, typeof(TokenUsage));
        var last = 0;
        for (var i = 0; i < UsageDimensions.Count; i++)
        {
            var count = value[(UsageDimension)i];
            if (count == 0)
                continue;
            Int64Codec.WriteField(ref writer, (uint)(i - last), count);
            last = i;
        }

        writer.WriteEndObject();
    }

    public TokenUsage ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        ReferenceCodec.MarkValueField(reader.Session);
        var usage = default(TokenUsage);
        var dimension = 0u;
        while (true)
        {
            var header = reader.ReadFieldHeader();
            if (header.IsEndBaseOrEndObject)
                return usage;
            dimension += header.FieldIdDelta;
            if (dimension < UsageDimensions.Count)
                usage = usage.With((UsageDimension)dimension, Int64Codec.ReadValue(ref reader, header));
            else
                reader.ConsumeUnknownField(header);
        }
    }
}

[RegisterCopier]
internal sealed class TokenUsageCopier : ShallowCopier<TokenUsage>;
