using FakeProvider;

// Listens until it is stopped, and says what it was asked and what it bills. Clients of any language can be pointed at it.
await using var provider = await LoopbackProvider.StartAsync();
Console.WriteLine($"Listening on {provider.Address}");
using var stopped = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopped.Cancel();
};
try
{
    await Task.Delay(Timeout.Infinite, stopped.Token);
}
catch (OperationCanceledException)
{
    foreach (var call in provider.Calls)
        Console.WriteLine($"{call.Path}: {call.Count.Input} in, {call.Count.Output} out, ${call.Cost}, {call.End}");
    Console.WriteLine($"Bill: ${provider.Bill}");
}
