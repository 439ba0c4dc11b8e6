using AgentBudget.Cli;

return await CommandLine.RunAsync(args, CliTerminal.System());
