namespace Wisp.Layout;

/// <summary>Finds the native helpers: <c>wisp-init</c> (for guests), <c>wisp-jail</c> (starts VMMs) and <c>wisp-preload.so</c> (is loaded into them).</summary>
public static class NativeBinaries
{
    /// <summary>
    /// The path of a helper: in <c>WISP_NATIVE_DIR</c>, else in <c>native/</c> beside the running program.
    /// </summary>
    /// <param name="name"><c>wisp-init</c>, <c>wisp-jail</c> or <c>wisp-preload.so</c>.</param>
    /// <returns>The path, or an error that says how to build it.</returns>
    public static Result<string> Locate(string name)
    {
        var directory = Environment.GetEnvironmentVariable("WISP_NATIVE_DIR") is { Length: > 0 } set
            ? set
            : Path.Combine(AppContext.BaseDirectory, "native");
        var path = Path.Combine(directory, name);
        return File.Exists(path)
            ? path
            : new WispError(ErrorCode.OperationFailed, $"'{name}' is not in {directory}.", "Run eng/build-native, or start through ./wisp, which does.", "missing-program");
    }
}
