namespace AgentBudget.Pricing.Import.Updating;

/// <summary>Prices could not be brought up to date. Nothing was changed; the message names what is wrong.</summary>
public sealed class PriceUpdateException(string message, Exception? cause = null) : Exception(message, cause);
