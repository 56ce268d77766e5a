using Wisp.Machines.Qmp;

namespace Wisp.Machines.Qemu;

/// <summary>
/// Has wisp-preload, which is loaded into the VMM, do something. It is asked by a path that QEMU is told to open; it answers with the
/// error of that: EALREADY when it has done it.
/// </summary>
internal static class PreloadVerb
{
    /// <summary>strerror(EALREADY) in the locale C, which the jail sets.</summary>
    private const string Done = "Operation already in progress";

    /// <summary>Runs one.</summary>
    /// <param name="qmp">The VMM.</param>
    /// <param name="verb">What to do, such as <c>track</c>.</param>
    /// <param name="timeout">What it may take.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public static async Task<Result> RunAsync(QmpClient qmp, string verb, TimeSpan timeout, CancellationToken cancellation)
    {
        var arguments = $$"""{"qom-type":"memory-backend-file","id":"verb","size":4096,"mem-path":"/wisp/{{verb}}"}""";
        var asked = await qmp.ExecuteAsync("object-add", arguments, timeout, cancellation);
        return asked.Error is { } error && error.Message.Contains(Done, StringComparison.Ordinal)
            ? Result.Success
            : asked.Error ?? new WispError(ErrorCode.OperationFailed, $"The VMM runs without wisp-preload and cannot '{verb}'.");
    }
}
