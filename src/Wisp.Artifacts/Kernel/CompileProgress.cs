using System.Globalization;

namespace Wisp.Artifacts.Kernel;

/// <summary>Tells from what make says how far it is, now and then.</summary>
internal sealed class CompileProgress(IProgress<string>? progress, TimeProvider time)
{
    /// <summary>How many files are compiled for <c>guest.config</c>. Another version of the source has some more or less, which is near enough.</summary>
    public const int ExpectedFiles = 1565;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _last = time.GetTimestamp();
    private int _compiled;

    /// <summary>A line of make's, such as <c>  CC      fs/open.o</c>. One at a time.</summary>
    public void Hear(string line)
    {
        if (!line.StartsWith("  CC ", StringComparison.Ordinal) && !line.StartsWith("  AS ", StringComparison.Ordinal))
        {
            return;
        }

        _compiled++;
        if (time.GetElapsedTime(_last) >= Interval)
        {
            _last = time.GetTimestamp();
            // Not 100 before it is done.
            var percent = Math.Min(_compiled * 100 / ExpectedFiles, 99);
            progress?.Report(string.Create(CultureInfo.InvariantCulture, $"Building the guest kernel: {_compiled} of about {ExpectedFiles} files are compiled ({percent} %)"));
        }
    }
}
