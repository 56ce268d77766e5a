namespace Wisp.Tools;

/// <summary>Runs programs of the host (iproute2, nft, buildah, mkfs.erofs …). Injected, so that a test can make one fail.</summary>
public interface IToolRunner
{
    /// <summary>
    /// Runs a program to its end. A program that is missing or cannot be started is an
    /// <see cref="ErrorCode.OperationFailed"/> naming the program and the Debian package to install; a non-zero exit is not
    /// an error here, it is in <see cref="ToolOutput.ExitCode"/>.
    /// </summary>
    /// <param name="command">What to run.</param>
    /// <param name="onLine">Called with each line of output as it comes, stderr and stdout alike; null when nobody watches.</param>
    /// <param name="cancellation">Kills the program and its children.</param>
    Task<Result<ToolOutput>> RunAsync(ToolCommand command, Action<ToolLine>? onLine = null, CancellationToken cancellation = default);
}
