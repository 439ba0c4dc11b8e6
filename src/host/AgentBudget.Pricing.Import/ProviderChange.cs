namespace AgentBudget.Pricing.Import;

/// <summary>A change that is not made unless somebody allows it by name: a rate that moves more than fivefold, or a name that
/// vanishes.</summary>
/// <param name="Name">The model name.</param>
/// <param name="Reason">What would happen to it.</param>
public sealed record RefusedChange(string Name, string Reason);

/// <summary>What an import would do to one price file.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Path">The price file.</param>
/// <param name="Text">The file as it would be written.</param>
/// <param name="Models">The number of models in it.</param>
/// <param name="Changes">Each change in a line: <c>+</c> for what is new, <c>~</c> for a rate that moves.</param>
/// <param name="Refused">Changes that were not allowed; while there are any, the file is not to be written.</param>
/// <param name="KeptByHand">Models whose entry is kept as it stands, with what the sources would make of them.</param>
public sealed record ProviderChange(
    string Provider,
    string Path,
    string Text,
    int Models,
    IReadOnlyList<string> Changes,
    IReadOnlyList<RefusedChange> Refused,
    IReadOnlyList<string> KeptByHand
);
