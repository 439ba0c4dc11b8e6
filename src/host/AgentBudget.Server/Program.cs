return await AgentBudget.Server.Hosting.ServerProgram.RunAsync(args);
