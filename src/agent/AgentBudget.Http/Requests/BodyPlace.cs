namespace AgentBudget.Http.Requests;

/// <summary>A value in a body: the place of its bytes, and the whole number that it is, where it is one.</summary>
/// <param name="Start">The place of its first byte.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Number">The number; null for a value that is none.</param>
internal readonly record struct BodyPlace(int Start, int Length, long? Number = null);

/// <summary>An object in a body, for what is to be put into it.</summary>
/// <param name="Inside">The place behind its opening bracket.</param>
/// <param name="IsEmpty">Whether it has nothing in it.</param>
internal readonly record struct BodyObject(int Inside, bool IsEmpty);
