using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentBudget.Abstractions.Hosting;

/// <summary>Options that a host reads are checked as those that a program gives: by their own <c>Validate</c>, at start.</summary>
internal static class OptionsCheck
{
    /// <summary>The check as a host wants it.</summary>
    /// <param name="validate">Throws <see cref="ArgumentException"/> naming the setting and the mend.</param>
    public static ServiceDescriptor Of<T>(Action<T> validate)
        where T : class => ServiceDescriptor.Singleton<IValidateOptions<T>>(new Check<T>(validate));

    private sealed class Check<T>(Action<T> validate) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            try
            {
                validate(options);
                return ValidateOptionsResult.Success;
            }
            catch (ArgumentException exception)
            {
                return ValidateOptionsResult.Fail(exception.Message);
            }
        }
    }
}
