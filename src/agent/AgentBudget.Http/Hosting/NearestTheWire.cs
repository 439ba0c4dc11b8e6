using Microsoft.Extensions.Http;

namespace AgentBudget.Http.Hosting;

/// <summary>Moves the budget below every handler that sends again, in whatever order they were added, so that it sees each attempt; and
/// leaves one where several were added.</summary>
internal sealed class NearestTheWire : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
        builder =>
        {
            next(builder);
            var handlers = builder.AdditionalHandlers;
            AgentBudgetHandler? last = null;
            for (var i = handlers.Count - 1; i >= 0; i--)
            {
                if (handlers[i] is not AgentBudgetHandler budget)
                    continue;
                last ??= budget;
                handlers.RemoveAt(i);
            }

            if (last is not null)
                handlers.Add(last);
        };
}
