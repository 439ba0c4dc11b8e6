using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AgentBudget.Architecture.Tests.Sources;

/// <summary>
/// No object hands itself to one of ours that keeps it and calls back: who reads either would have to know both. Looked for is every
/// object of ours that is made with <c>this</c>, with a method of it, or with a lambda that uses it, and every method of another object
/// that is given <c>this</c>. What a static function is given it does not keep.
/// </summary>
public sealed class HandingOutTests
{
    // Type and member, and why it is well there.
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["BudgetSession.HandleOf"] = "a call says which session pays for it, and asks it nothing",
        ["JsonObjectReader.Objects"] = "a reader knows the one that it stands in, of its own kind, to say where a problem is",
        ["JsonObjectReader.OptionalObject"] = "the same",
        ["LedgerTable.Verify"] = "an exception says of which table it is, and asks it nothing but its name",
    };

    private static readonly Lazy<(string Member, string What)[]> FoundInSrc = new(() => [.. Found(SourceCode.Src)]);

    [Fact]
    public void Objects_OfSrc_HandThemselvesToNobodyWhoCallsBack() =>
        Assert.Empty(
            FoundInSrc.Value.Where(found => !Exceptions.ContainsKey(found.Member)).Select(found => $"{found.Member}: {found.What}")
        );

    [Fact]
    public void Exceptions_StandWhereTheyAreListed() =>
        Assert.Empty(Exceptions.Keys.Except(FoundInSrc.Value.Select(found => found.Member)));

    [Theory]
    [InlineData("new Helper(this);", true)]
    [InlineData("new Helper(Work);", true)]
    [InlineData("new Helper(this.Work);", true)]
    [InlineData("new Helper(() => Work());", true)]
    [InlineData("new Helper(() => count++);", true)]
    [InlineData("new Helper { Callback = Work };", true)]
    [InlineData("Helper helper = new(Work);", true)]
    [InlineData("void Local() => Work(); new Helper(Local);", true)]
    [InlineData("other.Keep(this);", true)]
    [InlineData("other.Callback = Work;", true)]
    [InlineData("other.Told += Work;", true)]
    [InlineData("new Helper(Static);", false)]
    [InlineData("new Helper(() => Static());", false)]
    [InlineData("new Helper(other.Go);", false)]
    [InlineData("new Helper(Made());", false)]
    [InlineData("new Thread(Work);", false)]
    [InlineData("Helper.See(this);", false)]
    [InlineData("this.Extend();", false)]
    public void Statement_ThatHandsItsObjectOut_IsFound(string statement, bool isFound)
    {
        var code = $$"""
            internal sealed class Helper
            {
                public Helper() { }
                public Helper(object any) { }
                public Helper(Action callback) { }
                public Action? Callback { get; set; }
                public event Action? Told;
                public void Keep(object any) { }
                public void Go() { }
                public static void See(object any) { }
            }

            internal static class Extensions
            {
                public static void Extend(this Owner owner) { }
            }

            internal sealed class Owner
            {
                private readonly Helper other = new();
                private int count;
                public void Work() { }
                private static void Static() { }
                private Action Made() => Static;
                public void Test()
                {
                    {{statement}}
                }
            }
            """;
        Assert.Equal(isFound, Found(SourceCode.Of(code)).Any());
    }

    private static IEnumerable<(string Member, string What)> Found(SourceCode code)
    {
        var made =
            from creation in code.All<BaseObjectCreationExpressionSyntax>()
            from given in Given(creation.Node)
            where MayBeHandedOut(given)
            let type = creation.Model.GetTypeInfo(creation.Node).Type
            where SourceCode.IsOurs(type) && IsHandedOut(creation.Model.GetOperation(given))
            select (creation.Member, $"new {type.Name}({given})");
        var told =
            from call in code.All<InvocationExpressionSyntax>()
            from argument in call.Node.ArgumentList.Arguments
            where argument.Expression is ThisExpressionSyntax
            let method = call.Model.GetSymbolInfo(call.Node).Symbol as IMethodSymbol
            where method is { IsStatic: false, ReducedFrom: null } && SourceCode.IsOurs(method.ContainingType)
            select (call.Member, $"{method.ContainingType.Name}.{method.Name}({argument})");
        var set =
            from assignment in code.All<AssignmentExpressionSyntax>()
            where assignment.Node.Left is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax }
            where MayBeHandedOut(assignment.Node.Right)
            let member = assignment.Model.GetSymbolInfo(assignment.Node.Left).Symbol
            where member is { IsStatic: false } && SourceCode.IsOurs(member.ContainingType)
            where IsHandedOut(assignment.Model.GetOperation(assignment.Node.Right))
            select (assignment.Member, assignment.Node.ToString());
        return made.Concat(told).Concat(set);
    }

    private static IEnumerable<ExpressionSyntax> Given(BaseObjectCreationExpressionSyntax creation)
    {
        foreach (var argument in creation.ArgumentList?.Arguments ?? [])
            yield return argument.Expression;
        foreach (var part in creation.Initializer?.Expressions ?? [])
        {
            if (part is AssignmentExpressionSyntax assignment)
                yield return assignment.Right;
        }
    }

    // By its looks; to ask the compiler of every expression would take minutes.
    private static bool MayBeHandedOut(ExpressionSyntax given) =>
        given
            is ThisExpressionSyntax
                or SimpleNameSyntax
                or AnonymousFunctionExpressionSyntax
                or CastExpressionSyntax
                or ParenthesizedExpressionSyntax
        || given is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax };

    private static bool IsHandedOut(IOperation? given) =>
        WithoutConversion(given) switch
        {
            var operation when SourceCode.IsThis(operation) => true,
            IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } local => BodiesOf(local).Any(UsesThis),
            IMethodReferenceOperation method => SourceCode.IsThis(method.Instance),
            IAnonymousFunctionOperation lambda => UsesThis(lambda),
            _ => false,
        };

    private static bool UsesThis(IOperation operation) => operation.Descendants().Any(SourceCode.IsThis);

    private static IEnumerable<IOperation> BodiesOf(IMethodReferenceOperation local) =>
        local
            .Method.DeclaringSyntaxReferences.Select(reference => local.SemanticModel!.GetOperation(reference.GetSyntax()))
            .OfType<IOperation>();

    private static IOperation? WithoutConversion(IOperation? operation) =>
        operation switch
        {
            IConversionOperation conversion => WithoutConversion(conversion.Operand),
            IDelegateCreationOperation made => WithoutConversion(made.Target),
            IParenthesizedOperation parenthesis => WithoutConversion(parenthesis.Operand),
            _ => operation,
        };
}
