global using AgentBudget.Simulation.Laws;
global using AgentBudget.Simulation.Worlds;
