using System.Globalization;
using System.Text;

namespace AgentBudget.Http.Requests;

/// <summary>Changes a body in few places, and leaves every other byte as it is.</summary>
internal sealed class BodyWriter(ReadOnlyMemory<byte> body)
{
    private List<(int Start, int Length, string Text)>? edits;

    /// <summary>Whether anything changes.</summary>
    public bool HasEdits => edits is not null;

    /// <summary>Puts another value in the place of one.</summary>
    public void Replace(BodyPlace place, string value) => (edits ??= []).Add((place.Start, place.Length, value));

    /// <summary>Puts a property into an object, in front of what it has.</summary>
    public void Insert(BodyObject into, string name, string value) =>
        (edits ??= []).Add((into.Inside, 0, $"\"{name}\":{value}{(into.IsEmpty ? "" : ",")}"));

    /// <summary>Caps each answer, under the names that the body has for it, or else under the one that its API has.</summary>
    public void Cap(RequestBody request, long tokens, string name, string? settings)
    {
        var number = tokens.ToString(CultureInfo.InvariantCulture);
        foreach (var cap in request.Caps)
        {
            if (cap.Number is not { } own || own <= 0 || own > tokens)
                Replace(cap, number);
        }

        if (request.Caps.Count > 0)
            return;
        if (settings is null)
            Insert(request.Root, name, number);
        else if (request.Settings is { } place)
            Insert(place, name, number);
        else if (request.NoSettings is { } nothing)
            Replace(nothing, $"{{\"{name}\":{number}}}");
        else
            Insert(request.Root, settings, $"{{\"{name}\":{number}}}");
    }

    /// <summary>Has a stream tell what it used.</summary>
    public void IncludeUsage(RequestBody request)
    {
        if (request.IncludeUsage is { } place)
            Replace(place, "true");
        else if (request.StreamOptions is { } options)
            Insert(options, "include_usage", "true");
        else if (request.NoStreamOptions is { } nothing)
            Replace(nothing, "{\"include_usage\":true}");
        else
            Insert(request.Root, "stream_options", "{\"include_usage\":true}");
    }

    /// <summary>The body as it is to be sent.</summary>
    public byte[] Write()
    {
        edits?.Sort((left, right) => left.Start.CompareTo(right.Start));
        var written = new MemoryStream(body.Length + 64);
        var from = 0;
        foreach (var (start, length, text) in edits ?? [])
        {
            written.Write(body.Span[from..start]);
            written.Write(Encoding.UTF8.GetBytes(text));
            from = start + length;
        }

        written.Write(body.Span[from..]);
        return written.ToArray();
    }
}
