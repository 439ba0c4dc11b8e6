using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AgentBudget.Http.Requests;

/// <summary>What part of a body a value is.</summary>
internal enum BodyPart
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>What is said, a message each.</summary>
    Messages,

    /// <summary>Definitions of tools.</summary>
    Tools,
}

/// <summary>
/// Gathers the text of a body, for its tokens: strings, numbers and the names in front of them, but for the few that frame messages.
/// Pictures, sound and files in base64 are no text, and counted apart.
/// </summary>
internal sealed class TextReader(RequestBody body)
{
    // Shorter ones are not worth cutting out: as text they cost more than they are.
    private const int ShortestBinary = 64;

    private char[] text = ArrayPool<char>.Shared.Rent(1_024);
    private int length;

    // Of the object that is open: what it says that its content is, and how long that content was.
    private string? media;
    private long binaryBytes;

    // How deep what a tool is called with, or gave, is open: all in there is text, whatever its names are. 0 for none.
    private int textDepth;

    // Gathers a value, and everything in it.
    public void Read(ref Utf8JsonReader json, BodyPart part)
    {
        var depth = 0;
        var name = default(ValueName);
        do
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartObject:
                    CountElement(part, depth);
                    EndBinary();
                    Open(name, ++depth);
                    break;
                case JsonTokenType.StartArray:
                    Open(name, ++depth);
                    break;
                case JsonTokenType.EndObject:
                    EndBinary();
                    name = default;
                    Close(depth--);
                    break;
                case JsonTokenType.EndArray:
                    Close(depth--);
                    break;
                case JsonTokenType.PropertyName:
                    name = textDepth > 0 ? TextName(ref json) : NameOf(ref json, part);
                    break;
                default:
                    ReadValue(ref json, part, depth, name);
                    break;
            }
        } while (depth > 0 && json.Read());
    }

    /// <summary>Gives the body its text; nothing can be read behind it.</summary>
    public void End()
    {
        body.TakeText(text, length);
        (text, length) = ([], 0);
    }

    private void CountElement(BodyPart part, int depth)
    {
        if (depth != 1)
            return;
        if (part == BodyPart.Messages)
            body.Messages++;
        else if (part == BodyPart.Tools)
            body.Tools++;
    }

    private void Open(ValueName name, int depth)
    {
        if (name == ValueName.OfTool && textDepth == 0)
            textDepth = depth;
    }

    private void Close(int depth)
    {
        if (depth == textDepth)
            textDepth = 0;
    }

    private ValueName TextName(ref Utf8JsonReader json)
    {
        Append(ref json);
        return ValueName.Other;
    }

    private enum ValueName
    {
        Other,
        OfTool,
        Kind,
        Media,
        Binary,
        Address,
        File,
        MostSearches,
    }

    private ValueName NameOf(ref Utf8JsonReader json, BodyPart part)
    {
        if (part == BodyPart.Messages && (json.ValueTextEquals("role"u8) || json.ValueTextEquals("content"u8)))
            return ValueName.Other;
        if (json.ValueTextEquals("type"u8))
            return ValueName.Kind;
        if (part == BodyPart.Messages && json.ValueTextEquals("text"u8))
            return ValueName.Other;
        if (IsMedia(ref json))
            return ValueName.Media;
        if (json.ValueTextEquals("data"u8) || json.ValueTextEquals("bytes"u8) || json.ValueTextEquals("file_data"u8))
            return ValueName.Binary;
        if (IsMediaAddress(ref json))
            return ValueName.Address;
        if (json.ValueTextEquals("file_id"u8))
            return ValueName.File;
        if (part == BodyPart.Tools && (json.ValueTextEquals("google_search"u8) || json.ValueTextEquals("googleSearch"u8)))
            body.SearchesFreely = true;
        Append(ref json);
        if (part == BodyPart.Messages && IsOfTool(ref json))
            return ValueName.OfTool;
        return part == BodyPart.Tools && json.ValueTextEquals("max_uses"u8) ? ValueName.MostSearches : ValueName.Other;
    }

    // What tools are called with, and what they gave, as Anthropic, Gemini and Bedrock have it.
    private static bool IsOfTool(ref Utf8JsonReader json) =>
        json.ValueTextEquals("input"u8)
        || json.ValueTextEquals("args"u8)
        || json.ValueTextEquals("arguments"u8)
        || json.ValueTextEquals("response"u8)
        || json.ValueTextEquals("json"u8);

    private static bool IsMedia(ref Utf8JsonReader json) =>
        json.ValueTextEquals("mimeType"u8)
        || json.ValueTextEquals("mime_type"u8)
        || json.ValueTextEquals("media_type"u8)
        || json.ValueTextEquals("format"u8);

    private static bool IsMediaAddress(ref Utf8JsonReader json) =>
        json.ValueTextEquals("url"u8)
        || json.ValueTextEquals("image_url"u8)
        || json.ValueTextEquals("fileUri"u8)
        || json.ValueTextEquals("file_uri"u8)
        || json.ValueTextEquals("file_url"u8)
        || json.ValueTextEquals("document_url"u8)
        || json.ValueTextEquals("video_url"u8)
        || json.ValueTextEquals("audio_url"u8)
        || json.ValueTextEquals("images"u8)
        || json.ValueTextEquals("image"u8);

    private void ReadValue(ref Utf8JsonReader json, BodyPart part, int depth, ValueName name)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            if (name == ValueName.MostSearches && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var most))
                body.WebSearches += Math.Clamp(most, 0, 1_000);
            Append(ref json);
            return;
        }

        if (part == BodyPart.Messages && depth == 1)
            body.Messages++;
        if (TakeNamed(ref json, part, name))
            return;
        Append(ref json);
    }

    private bool TakeNamed(ref Utf8JsonReader json, BodyPart part, ValueName name)
    {
        switch (name)
        {
            case ValueName.Binary or ValueName.Address when TakeDataAddress(ref json):
                return true;
            case ValueName.Binary when LengthOf(ref json) >= ShortestBinary && IsBase64(ref json):
                binaryBytes += LengthOf(ref json) / 4 * 3;
                return true;
            case ValueName.Media:
                media = json.GetString();
                // A tool's schema has formats, too.
                return part == BodyPart.Messages;
            case ValueName.Address when IsFarAddress(ref json):
                body.Pictures++;
                return true;
            case ValueName.File:
                body.StandsOnKept = true;
                return true;
            case ValueName.Kind when part == BodyPart.Tools:
                TakeToolKind(json.GetString()!);
                return false;
            default:
                return false;
        }
    }

    // A tool that says how often it may search does so behind its kind, and is counted there.
    private void TakeToolKind(string kind) =>
        body.SearchesFreely |= kind.StartsWith("web_search", StringComparison.Ordinal) || kind is "google_search" or "live_search";

    // data:image/png;base64,iVBORw0KGgo…
    private bool TakeDataAddress(ref Utf8JsonReader json)
    {
        if (LengthOf(ref json) < ShortestBinary || json.HasValueSequence || !json.ValueSpan.StartsWith("data:"u8))
            return false;
        var head = json.ValueSpan[..Math.Min(json.ValueSpan.Length, 128)];
        var comma = head.IndexOf((byte)',');
        if (comma < 0 || !head[..comma].EndsWith(";base64"u8))
            return false;
        Count(Encoding.UTF8.GetString(head["data:".Length..(comma - ";base64".Length)]), (json.ValueSpan.Length - comma) / 4 * 3);
        return true;
    }

    private void EndBinary()
    {
        if (binaryBytes > 0)
            Count(media, binaryBytes);
        binaryBytes = 0;
        media = null;
    }

    private void Count(string? kind, long bytes)
    {
        if (kind is null || kind.StartsWith("image/", StringComparison.Ordinal) || kind is "png" or "jpeg" or "webp" or "gif")
            body.Pictures++;
        else if (kind.StartsWith("audio/", StringComparison.Ordinal) || kind is "wav" or "mp3" or "flac" or "opus" or "pcm16")
            body.AudioBytes += bytes;
        else
            body.FileBytes += bytes;
    }

    private static long LengthOf(ref Utf8JsonReader json) => json.HasValueSequence ? json.ValueSequence.Length : json.ValueSpan.Length;

    // Escaped slashes, as some serializers write them, are base64 all the same.
    private static bool IsBase64(ref Utf8JsonReader json) =>
        !json.HasValueSequence && !json.ValueSpan.ContainsAnyExcept(Base64) && !json.ValueSpan[..ShortestBinary].Contains((byte)' ');

    private static readonly SearchValues<byte> Base64 = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\\"u8
    );

    private static bool IsFarAddress(ref Utf8JsonReader json) =>
        !json.HasValueSequence
        && (json.ValueSpan.StartsWith("http"u8) || json.ValueSpan.StartsWith("gs:"u8) || json.ValueSpan.StartsWith("s3:"u8));

    private void Append(ref Utf8JsonReader json)
    {
        var most = (int)LengthOf(ref json);
        Reserve(most + 1);
        text[length++] = ' ';
        length += json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? Copy(ref json) : CopyRaw(ref json);
    }

    private int Copy(ref Utf8JsonReader json)
    {
        try
        {
            return json.CopyString(text.AsSpan(length));
        }
        catch (InvalidOperationException)
        {
            // Half of a pair, as a text has that was cut anywhere; some providers take it.
            return CopyRaw(ref json);
        }
    }

    private int CopyRaw(ref Utf8JsonReader json) => Encoding.UTF8.GetChars(json.ValueSpan, text.AsSpan(length));

    private void Reserve(int more)
    {
        if (text.Length - length >= more)
            return;
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(length + more, text.Length * 2));
        text.AsSpan(0, length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(text);
        text = larger;
    }
}
