namespace Wisp.Layout;

/// <summary>Finds the ahead-of-time compiled helpers: <c>wisp-init</c> (for guests) and <c>wisp-jail</c> (starts VMMs).</summary>
public static class NativeBinaries
{
    /// <summary>
    /// The path of a helper: in <c>WISP_NATIVE_DIR</c>, else in <c>native/</c> beside the running program.
    /// </summary>
    /// <param name="name"><c>wisp-init</c> or <c>wisp-jail</c>.</param>
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
