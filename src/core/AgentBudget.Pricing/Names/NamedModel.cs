using AgentBudget.Pricing.Tables;

namespace AgentBudget.Pricing.Names;

/// <summary>A model under one of its names.</summary>
/// <param name="Model">The model; null for a name that means different prices at different providers, which no one may guess
/// between.</param>
/// <param name="MayCarryDate">Whether the vendor also issues this name with a date suffix.</param>
internal readonly record struct NamedModel(ModelPrices? Model, bool MayCarryDate);
