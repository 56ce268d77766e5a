using System.Diagnostics;

namespace Wisp.Bench.Measuring;

/// <summary>What processes use.</summary>
public static class ProcessMeter
{
    /// <summary>CPU time that the processes use while a while passes, in percent of one CPU, all together.</summary>
    public static async Task<Result<double>> CpuPercentAsync(IReadOnlyList<int> pids, TimeSpan window, CancellationToken cancellation)
    {
        var from = TimeProvider.System.GetTimestamp();
        if (CpuTime(pids).Failed(out var error, out var before))
        {
            return error;
        }

        await Task.Delay(window, TimeProvider.System, cancellation);
        return CpuTime(pids).Failed(out error, out var after)
            ? error
            : 100 * (after - before) / TimeProvider.System.GetElapsedTime(from);
    }

    /// <summary>Resident memory in MiB.</summary>
    public static Result<double> ResidentMib(int pid) => Read(pid, process => process.WorkingSet64 / 1048576.0);

    private static Result<TimeSpan> CpuTime(IReadOnlyList<int> pids)
    {
        var sum = TimeSpan.Zero;
        foreach (var pid in pids)
        {
            if (Read(pid, process => process.TotalProcessorTime).Failed(out var error, out var time))
            {
                return error;
            }

            sum += time;
        }

        return sum;
    }

    private static Result<T> Read<T>(int pid, Func<Process, T> read)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return read(process);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Process {pid} ended while it was measured.");
        }
    }
}
