using System.Runtime.CompilerServices;
using AgentBudget.Http.Tests.Ways;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;

namespace AgentBudget.Extensions.AI.Tests.Ways;

/// <summary>Semantic Kernel, whose chat service stands on the chat client.</summary>
public sealed class KernelWay(ChatWay way) : Way
{
    public override string Name => "semantic-kernel";

    public override string Model => way.Model;

    public override int Attempts => way.Attempts;

    // The name of the plugin stands in front.
    public override string Tool => "tools_search";

    public override async Task<string> AskAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        var kernel = Kernel(session, provider);
        var answer = await kernel.InvokePromptAsync<string>("Say hello.", new(Settings(cap)), cancellationToken: cancellationToken);
        return answer ?? "";
    }

    public override async IAsyncEnumerable<string> StreamAsync(
        BudgetSession session,
        Uri provider,
        int? cap,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var kernel = Kernel(session, provider);
        var pieces = kernel.InvokePromptStreamingAsync<StreamingChatMessageContent>(
            "Say hello.",
            new(Settings(cap)),
            cancellationToken: cancellationToken
        );
        await foreach (var piece in pieces)
            yield return piece.Content ?? "";
    }

    // The kernel invokes functions itself, around the budget.
    public override async Task<string?> LoopAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        var builder = Microsoft.SemanticKernel.Kernel.CreateBuilder();
        builder.Services.AddSingleton(way.Client(session, provider).AsBuilder().UseKernelFunctionInvocation().Build());
        var kernel = builder.Build();
        kernel.Plugins.AddFromFunctions("tools", [ChatWay.Search(session).AsKernelFunction()]);
        var settings = Settings(cap);
        settings.FunctionChoiceBehavior = FunctionChoiceBehavior.Auto();
        var answer = await kernel.InvokePromptAsync<ChatResponse>(
            "What is a hard limit?",
            new(settings),
            cancellationToken: cancellationToken
        );
        return answer!.GetBudgetStop()?.Reason;
    }

    private static PromptExecutionSettings Settings(int? cap) =>
        new() { ExtensionData = cap is null ? null : new Dictionary<string, object> { ["max_tokens"] = cap } };

    private Kernel Kernel(BudgetSession session, Uri provider)
    {
        var builder = Microsoft.SemanticKernel.Kernel.CreateBuilder();
        builder.Services.AddSingleton(way.Client(session, provider));
        return builder.Build();
    }
}
