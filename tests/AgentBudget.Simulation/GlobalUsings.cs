global using AgentBudget.Ledger.Between;
global using AgentBudget.Simulation.Laws;
global using AgentBudget.Simulation.Worlds;
