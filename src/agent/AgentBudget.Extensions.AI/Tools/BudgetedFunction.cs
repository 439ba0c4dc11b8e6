using AgentBudget.Extensions.AI.Chat;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tools;

/// <summary>
/// A tool whose calls a session pays for. What throws in a tool is told to the model, which tries again and again; so a refusal is a
/// result, and ends the turn: the model is not called any more.
/// </summary>
internal sealed class BudgetedFunction(AIFunction inner, Func<BudgetSession?> findSession, ToolCost? cost) : DelegatingAIFunction(inner)
{
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var session = findSession() ?? BudgetSession.Current ?? throw NoSession();
        var argumentsJson = ContentText.Json(arguments.ToDictionary(argument => argument.Key, argument => argument.Value));
        var (hasRun, isDone) = (false, false);
        object? result = null;
        try
        {
            return await session.RunToolAsync(Name, CostOf(session), RunAsync, argumentsJson, cancellationToken);
        }
        // What it did is done: told as a failure to the model, it would be done again.
        catch (AgentBudgetException failure) when (isDone)
        {
            ChatLog.ToolNotSettled(session.Logger, failure);
            return result;
        }
        // What the tool itself is refused, by a session of its own or by this one, is the tool's own failure.
        catch (RefusedException refused) when (!hasRun && FunctionInvokingChatClient.CurrentContext is { } turn)
        {
            turn.Terminate = true;
            return ToolRefusals.Of(Name, refused);
        }

        async Task<object?> RunAsync(CancellationToken token)
        {
            hasRun = true;
            result = await base.InvokeCoreAsync(arguments, token);
            isDone = true;
            return result;
        }
    }

    private ToolCost CostOf(BudgetSession session) => cost ?? session.Tools.Find(Name) ?? throw new UnpricedToolException(Name);

    private NoBudgetSessionException NoSession() =>
        new($"The tool {Name} was not run, because no session pays for it: enter one (BudgetSession.Enter), or give one to WithBudget.");
}
