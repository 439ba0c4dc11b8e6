namespace AgentBudget.Ledger.Tests;

public sealed class CallFingerprintTests
{
    // Regression: arguments cut in the middle of a surrogate pair threw ArgumentException out of the fingerprint. The texts stand in
    // code and not in attributes, where the compiler would mend them.
    [Fact]
    public void Of_LoneSurrogate_IsTakenAsItIs()
    {
        string[] cut = ["\ud83d", "{\"path\":\"\ud83d\"}", "{\"path\":\"\\ud83d\"}", "{\"\\ud83d\":1}"];
        Assert.All(cut, arguments => Assert.Equal(CallFingerprint.Of("read", arguments), CallFingerprint.Of("read", arguments)));
    }
}
