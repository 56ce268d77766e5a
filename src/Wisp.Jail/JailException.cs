namespace Wisp.Jail;

/// <summary>A step of building the jail failed; ends in one line on standard error.</summary>
internal sealed class JailException(string step) : Exception($"{step}: errno {Libc.Errno}")
{
    /// <summary>Throws when a call answered with failure.</summary>
    public static int Check(int answer, string step) => answer >= 0 ? answer : throw new JailException(step);
}
