using AgentBudget.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AgentBudget.Architecture.Tests.Conventions;

/// <summary>
/// A logger of the program's may throw. Whoever is given one by a host, as <c>ILogger&lt;T&gt;</c>, makes a <see cref="QuietLogger"/> of
/// it, or hands it on to one who does, and does nothing else with it.
/// </summary>
public sealed class LoggerTests
{
    [Fact]
    public void Loggers_OfTheProgram_AreMadeQuietBeforeTheyAreUsed() => Assert.Empty(Raw(SourceCode.Src));

    [Theory]
    [InlineData("private readonly QuietLogger log = new(logger);", false)]
    [InlineData("private readonly QuietLogger log = new(logger ?? Other);", false)]
    [InlineData("private readonly User next = new(logger);", false)]
    [InlineData("private readonly ILogger log = logger;", true)]
    [InlineData("private void Say() => Log.Said(logger);", true)]
    [InlineData("private void Say(IServiceProvider all) => Log.Said(all.GetRequiredService<ILogger<User>>());", true)]
    [InlineData("private User Next(IServiceProvider all) => new(all.GetRequiredService<ILogger<User>>());", false)]
    [InlineData("private ILogger Next(ILoggerFactory all) => all.CreateLogger(\"\");", true)]
    [InlineData("private ILogger Next(ILoggerFactory all) => new QuietLogger(all.CreateLogger(\"\"));", false)]
    public void Logger_ThatIsUsedAsItCame_IsFound(string member, bool isFound)
    {
        var code = $$"""
            internal sealed class QuietLogger(ILogger inner) { }
            internal static class Log { public static void Said(ILogger logger) { } }
            internal sealed class User(ILogger<User> logger)
            {
                private static readonly ILogger<User> Other = null!;
                {{member}}
            }
            """;
        Assert.Equal(isFound, Raw(SourceCode.Of(code)).Any());
    }

    private static IEnumerable<string> Raw(SourceCode code) =>
        from used in code.All<ExpressionSyntax>("ILogger")
        where used.Node is IdentifierNameSyntax or InvocationExpressionSyntax
        let operation = used.Model.GetOperation(used.Node)
        where operation is IParameterReferenceOperation or IInvocationOperation && IsOfAHost(operation)
        where !IsMadeQuiet(operation)
        select $"{used.Member}: {used.Node}";

    private static bool IsOfAHost(IOperation operation) =>
        IsGenericLogger(operation.Type)
        || operation is IInvocationOperation { TargetMethod: { Name: "CreateLogger", ReturnType.Name: "ILogger" } };

    private static bool IsGenericLogger(ITypeSymbol? type) => type is INamedTypeSymbol { Name: "ILogger", IsGenericType: true };

    private static bool IsMadeQuiet(IOperation operation)
    {
        var parent = operation.Parent;
        while (parent is IConversionOperation or ICoalesceOperation or IParenthesizedOperation)
            parent = parent.Parent;
        return parent is IArgumentOperation argument
            && (
                IsGenericLogger(argument.Parameter?.Type) || argument.Parent is IObjectCreationOperation { Type.Name: nameof(QuietLogger) }
            );
    }
}
