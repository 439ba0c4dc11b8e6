using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentBudget.Webhooks.Tests.Signing;

/// <summary>
/// Verifies posts as a receiver does. Where <c>AGENTBUDGET_NPM</c> names a folder in which the npm package <c>standardwebhooks</c> is
/// installed, that does it as well, and both must say the same.
/// </summary>
internal static class Verifier
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Whether a post is by whoever has the secret.</summary>
    public static bool IsGenuine(string secret, IReadOnlyDictionary<string, string> headers, string body)
    {
        var isGenuine = IsGenuineByItself(secret, headers, body);
        if (Environment.GetEnvironmentVariable("AGENTBUDGET_NPM") is { } folder)
            Assert.Equal(isGenuine, IsGenuineByNpm(folder, secret, headers, body));
        return isGenuine;
    }

    // Written from the specification alone, with nothing of what signs.
    private static bool IsGenuineByItself(string secret, IReadOnlyDictionary<string, string> headers, string body)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var sent = DateTimeOffset.FromUnixTimeSeconds(long.Parse(headers["webhook-timestamp"], CultureInfo.InvariantCulture));
        if ((TimeProvider.System.GetUtcNow() - sent).Duration() > Tolerance)
            return false;
        using var hmac = new HMACSHA256(key);
        var expected = hmac.ComputeHash(Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}"));
        return headers["webhook-signature"]
            .Split(' ')
            .Select(signature => signature.Split(','))
            .Where(parts => parts[0] == "v1")
            .Any(parts => CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(parts[1]), expected));
    }

    private static bool IsGenuineByNpm(string folder, string secret, IReadOnlyDictionary<string, string> headers, string body)
    {
        var start = new ProcessStartInfo("node", Path.Combine(AppContext.BaseDirectory, "Signing", "verify.cjs"))
        {
            Environment = { ["NODE_PATH"] = Path.Combine(folder, "node_modules") },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        node.StandardInput.WriteLine(
            JsonSerializer.Serialize(
                new
                {
                    secret,
                    headers,
                    body,
                }
            )
        );
        node.StandardInput.Close();
        var said = node.StandardOutput.ReadToEnd().Trim();
        node.WaitForExit();
        Assert.Equal(0, node.ExitCode);
        return said == "ok";
    }
}
