using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentBudget.Orleans.Tests.Hosting;

/// <summary>A silo remembers few addresses, so that ids which nobody has do not fill it; whoever sets another number has it.</summary>
public sealed class RememberedAddressesTests
{
    [Theory]
    [InlineData(null, null, 25_000)]
    [InlineData(1_000, null, 1_000)]
    [InlineData(null, 77, 77)]
    public void Silo_WithAgentBudget_RemembersAsManyAsIsSaid(int? ours, int? orleans, int expected)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo =>
        {
            silo.AddAgentBudget(options => options.RememberedAddresses = ours ?? options.RememberedAddresses);
            if (orleans is { } size)
                silo.Services.Configure<GrainDirectoryOptions>(directory => directory.CacheSize = size);
        });
        using var host = builder.Build();
        Assert.Equal(expected, host.Services.GetRequiredService<IOptions<GrainDirectoryOptions>>().Value.CacheSize);
    }
}
