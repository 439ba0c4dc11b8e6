namespace AgentBudget.Pricing.Import.Sources;

/// <summary>The versions of the collections that the table was derived from; to be changed together with the files that are read.</summary>
internal sealed record SourceVersions(
    SourceVersion GenAiPrices,
    SourceVersion LiteLlm,
    SourceVersion OpenRouter,
    SourceVersion ModelsDev,
    SourceVersion PiAi
)
{
    public static SourceVersions Current { get; } =
        new(
            new("47df840a5ab10bbcffb8e5ac01b9899032245d1b", new DateOnly(2026, 8, 21)),
            new("77b8722619d64503658ecc85979802d678a5626c", new DateOnly(2026, 8, 1)),
            new("90407ebd546e7f05f8d0c9356541b4c9f7f7dca4", new DateOnly(2026, 8, 1)),
            new("f3fc692299671838c7c65fd8126bf84d81a2e817", new DateOnly(2026, 7, 2)),
            new("ai-1.6.0", new DateOnly(2026, 11, 20))
        );
}

/// <summary>One collection's commit, or the tag of a release, and its day.</summary>
internal sealed record SourceVersion(string Commit, DateOnly Day);
