namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>What becomes of a document of a response when its end is reached: it is recorded, and forgotten.</summary>
internal sealed class ResponseDocuments(JsonScanner scanner, FieldValues document, ResponseRecord record)
{
    /// <summary>The end of a document that is the whole response.</summary>
    public void End()
    {
        record.TakeDocument(document);
        Forget();
    }

    /// <summary>The end of one of several.</summary>
    public void EndPayload(bool isWhole) => EndEvent(isWhole, isDone: false);

    /// <summary>The end of one of several, which may be the last.</summary>
    /// <returns>Whether the next ones may repeat it.</returns>
    public bool EndEvent(bool isWhole, bool isDone)
    {
        var isRepeatable = isWhole && document.IsRepeatable;
        if (isWhole)
            record.TakeEvent(document);
        if (isDone)
            record.TakeDone();
        Forget();
        return isRepeatable;
    }

    /// <summary>Forgets the document, whole or not.</summary>
    public void Forget()
    {
        document.Clear();
        scanner.Reset();
    }
}
