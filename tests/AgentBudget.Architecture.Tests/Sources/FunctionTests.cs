using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentBudget.Architecture.Tests.Sources;

/// <summary>A function of src is read at one look: what it does takes at most 40 lines.</summary>
public sealed class FunctionTests
{
    private const int MaxLines = 40;

    // Type and member, and why it is long all the same.
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["PostgreSqlErrors.Explain"] = "a table: what each code of an error means, and the mend",
    };

    [Fact]
    public void Functions_OfSrc_AreShort() =>
        Assert.Empty(
            from function in Long(SourceCode.Src)
            where !Exceptions.ContainsKey(function.Name)
            select $"{function.Name}: {function.Lines} lines"
        );

    [Fact]
    public void Exceptions_StandWhereTheyAreListed() =>
        Assert.Empty(Exceptions.Keys.Except(Long(SourceCode.Src).Select(found => found.Name)));

    [Theory]
    [InlineData("public void Test()\n{", "}")]
    [InlineData("public Owner()\n{", "}")]
    [InlineData("public int Count\n{ get\n{", "return 1; } }")]
    [InlineData("public void Test()\n{\nvoid Local()\n{", "} }")]
    public void Function_ThatIsLong_IsFound(string begin, string end)
    {
        Assert.NotEmpty(Long(SourceCode.Of($"class Owner {{ {begin}{new string('\n', MaxLines + 2)}{end} }}")));
        Assert.Empty(Long(SourceCode.Of($"class Owner {{ {begin}{new string('\n', MaxLines / 2)}{end} }}")));
    }

    private static IEnumerable<(string Name, int Lines)> Long(SourceCode code) =>
        from node in code.All<SyntaxNode>()
        let lines = node.Node switch
        {
            BaseMethodDeclarationSyntax method => LinesOf(method.Body, method.ExpressionBody),
            AccessorDeclarationSyntax accessor => LinesOf(accessor.Body, accessor.ExpressionBody),
            LocalFunctionStatementSyntax local => LinesOf(local.Body, local.ExpressionBody),
            PropertyDeclarationSyntax property => LinesOf(null, property.ExpressionBody),
            _ => 0,
        }
        where lines > MaxLines
        select (SourceCode.NameOf(node.Node), lines);

    private static int LinesOf(BlockSyntax? block, ArrowExpressionClauseSyntax? expression)
    {
        if (block is not null)
            return LineOf(block.CloseBraceToken) - LineOf(block.OpenBraceToken) - 1;
        return expression is null ? 0 : LineOf(expression.GetLastToken()) - LineOf(expression.Expression.GetFirstToken()) + 1;
    }

    private static int LineOf(SyntaxToken token) => token.GetLocation().GetLineSpan().StartLinePosition.Line;
}
