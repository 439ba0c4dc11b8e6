using AgentBudget.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentBudget.Architecture.Tests.Conventions;

/// <summary>
/// The client's calls of sessions go by one way, <c>SessionLink</c>: there they get their key, are sent again, and what they bring is told.
/// Others hand it the grain's method and call nothing by themselves. <c>StopWatcher</c> waits, and decides by itself when it asks again.
/// </summary>
public sealed class LinkTests
{
    private static readonly string[] Ways = ["SessionLink", "StopWatcher"];

    [Fact]
    public void Calls_OfTheClient_GoByTheLink() => Assert.Empty(Past(SourceCode.Src));

    [Theory]
    [InlineData("grain.OpenAsync(1);", true)]
    [InlineData("calls.SendAsync(1);", true)]
    [InlineData("link.SendAsync(grain.OpenAsync);", false)]
    public void Call_PastTheLink_IsFound(string statement, bool isFound)
    {
        var code = $$"""
            namespace AgentBudget.Client.Sessions;
            public interface IBudgetSession { Task OpenAsync(int command); }
            internal sealed class LedgerCalls { public void SendAsync(int command) { } }
            internal sealed class SessionLink { public void SendAsync(Func<int, Task> send) { } }
            internal sealed class Session(IBudgetSession grain, LedgerCalls calls, SessionLink link) { void Test() { {{statement}} } }
            """;
        Assert.Equal(isFound, Past(SourceCode.Of(code)).Any());
    }

    private static IEnumerable<string> Past(SourceCode code) =>
        from call in code.All<InvocationExpressionSyntax>("namespace AgentBudget.Client.Sessions;")
        let method = call.Model.GetSymbolInfo(call.Node).Symbol
        where method is { ContainingType.Name: "IBudgetSession" } or { Name: "SendAsync", ContainingType.Name: "LedgerCalls" }
        where !Ways.Contains(call.Member.Split('.')[0]) && !call.Member.StartsWith("LedgerCalls.", StringComparison.Ordinal)
        select $"{call.Member}: {call.Node}";
}
