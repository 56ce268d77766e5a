using Wisp.GuestProtocol;
using Wisp.Machines.Qemu.Memory;
using Wisp.Snapshots.Memory;

namespace Wisp.Machines.Qemu;

internal sealed partial class QemuMachine
{
    // What the guest may take besides its hook: to write back its files, and to be heard.
    private static readonly TimeSpan PrepareGrace = TimeSpan.FromSeconds(2);

    // Dirty pages with so little between them are one extent.
    private const long LargestGap = 16 * 4096;

    private Attachment? _attachment;
    private TaskCompletionSource<string>? _prepared;

    public MachineMemory Memory { get; private set; }

    public async Task<Result<MachineCapture>> CaptureAsync(CaptureRequest request, CancellationToken cancellation)
    {
        var ran = State == MachineState.Running;
        var captured = false;
        try
        {
            var trouble = ran && request.PrepareTimeout > TimeSpan.Zero ? await PrepareAsync(request.PrepareTimeout, cancellation) : null;
            var result = await CopyAsync(request, ran, trouble, cancellation);
            captured = result.IsSuccess;
            return result;
        }
        finally
        {
            // Also when it still runs: what the guest holds back since it was asked to prepare, it lets go when it hears that it runs on.
            if (!captured && ran)
            {
                await RunOnAsync(CancellationToken.None);
            }
        }
    }

    public async Task<Result> RebaseAsync(MachineMemory memory, CancellationToken cancellation)
    {
        if (State != MachineState.Paused)
        {
            return new WispError(ErrorCode.WrongState, $"Machine {Id} is not paused: its memory cannot be laid onto other files under it.");
        }

        if (memory.Layers.Count > Attachment.MostLayers)
        {
            return EngineErrors.TooManyLayers(memory.Layers.Count);
        }

        try
        {
            var map = MemoryMap.Compose(_record.MemoryBytes, memory.Layers);
            if ((await AttachmentAsync(cancellation)).Failed(out var error, out var attachment)
                || (await attachment.AttachAsync(_vmm.Connection.Qmp, map, [], CommandTimeout, cancellation)).Failed(out error, out _))
            {
                return error;
            }
        }
        catch (IOException exception)
        {
            return EngineErrors.OfFile($"The memory of machine {Id} cannot be laid onto its files", _files.Directory, exception);
        }

        Keep(memory);
        return Result.Success;
    }

    public void Keep(MachineMemory memory)
    {
        Memory = memory;
        _record = _record with { Kept = DirectoriesOf(memory) };
        // An older record names fewer layers as kept: then more is captured than has to be, and nothing less.
        _record.Renew(_files.Record, _logger);
    }

    public Task<Result> TellAsync(GuestNews news, CancellationToken cancellation)
    {
        var (kind, payload) = news switch
        {
            GuestNews.ForkDone done => (FrameKind.ForkDone, done.Outcome.Encode()),
            GuestNews.Child child => (FrameKind.ForkChild, child.State.Encode()),
            GuestNews.NoTemplate none => (FrameKind.TemplateDone, new TemplateOutcome { Ticket = none.Ticket, Errno = none.Errno }.Encode()),
            GuestNews.SleepComing coming => (FrameKind.SleepNotice, NumberPayload.Encode((uint)Math.Clamp(coming.After.TotalMilliseconds, 0, uint.MaxValue))),
            _ => throw new ArgumentException($"unknown news {news.GetType().Name}", nameof(news)),
        };
        return _vmm.Connection.Agent.SendAsync(AgentFrame.Encode(kind, payload));
    }

    /// <summary>The directories of the layers that others keep.</summary>
    internal static IReadOnlyList<string> DirectoriesOf(MachineMemory memory) =>
        [.. memory.Layers.Take(memory.Kept).Select(layer => Path.GetDirectoryName(layer.Path)!)];

    private async Task<string?> PrepareAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        var prepared = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _prepared = prepared;
        try
        {
            if ((await _vmm.Connection.Agent.SendAsync(AgentFrame.Encode(FrameKind.Prepare, NumberPayload.Encode((uint)timeout.TotalMilliseconds)))).Failed(out var error))
            {
                return error.Message;
            }

            var trouble = await prepared.Task.WaitAsync(timeout + PrepareGrace, _time, cancellation);
            return trouble.Length > 0 ? trouble : null;
        }
        catch (TimeoutException)
        {
            _logger.Unprepared(Id);
            return "Its guest did not say that it is prepared.";
        }
        finally
        {
            _prepared = null;
        }
    }

    private async Task<Result<MachineCapture>> CopyAsync(CaptureRequest request, bool ran, string? trouble, CancellationToken cancellation)
    {
        var tracked = false;
        try
        {
            using var memory = new VmmMemory(_vmm.Process.Pid, _record.MemoryAddress, _record.MemoryBytes);
            if (!_vmm.Process.IsAlive)
            {
                // What has been opened may be another's by now.
                return EngineErrors.Gone(Id);
            }

            using var pages = new PageFile(request.MemoryPath);
            tracked = ran && request.Precopy && await TrackAsync(cancellation);
            if (tracked)
            {
                await Task.Run(() => Copy(memory, pages, PageScan.AllAndWatch), cancellation);
            }

            var from = _time.GetTimestamp();
            if ((await PauseAsync(cancellation)).Failed(out var error))
            {
                return error;
            }

            var copied = await Task.Run(() => Copy(memory, pages, tracked ? PageScan.Rewritten : PageScan.All), cancellation);
            if ((await SaveDevicesAsync(request.DevicesPath, cancellation)).Failed(out error)
                || (request.RunOn && (await ResumeAsync(cancellation)).Failed(out error)))
            {
                return error;
            }

            var pause = request.RunOn ? _time.GetElapsedTime(from) : Timeout.InfiniteTimeSpan;
            return new MachineCapture(pages.Extents(_record.MemoryBytes), pause, copied, trouble);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return _vmm.Process.IsAlive
                ? EngineErrors.OfFile($"Machine {Id} cannot be captured into {request.MemoryPath}", Path.GetDirectoryName(request.MemoryPath)!, exception)
                : EngineErrors.Gone(Id);
        }
        finally
        {
            if (tracked)
            {
                await PreloadVerb.RunAsync(_vmm.Connection.Qmp, "untrack", CommandTimeout, CancellationToken.None);
            }
        }
    }

    private long Copy(VmmMemory memory, PageFile pages, PageScan which)
    {
        // The own files' pages are there already when only what was rewritten is looked for.
        var own = which == PageScan.Rewritten ? [] : memory.OnFilesOutside(_record.Kept.ToHashSet(StringComparer.Ordinal));
        var ranges = PageRanges.Join(memory.Written(which).Concat(own), LargestGap);
        return pages.Append(memory, ranges, zerosBelow: which != PageScan.Rewritten && Memory.Kept == 0);
    }

    private async Task<bool> TrackAsync(CancellationToken cancellation)
    {
        var tracked = await PreloadVerb.RunAsync(_vmm.Connection.Qmp, "track", CommandTimeout, cancellation);
        if (tracked.Failed(out var error))
        {
            _logger.NoPrecopy(Id, error.Message);
        }

        return tracked.IsSuccess;
    }

    // Without RAM, whatever its sharing: about a millisecond.
    private async Task<Result> SaveDevicesAsync(string path, CancellationToken cancellation)
    {
        const int set = 7;
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        var qmp = _vmm.Connection.Qmp;
        try
        {
            return (await qmp.ExecuteAsync("add-fd", $$"""{"fdset-id":{{set}}}""", file, CommandTimeout, cancellation)).Failed(out var error, out _)
                || (await qmp.ExecuteAsync("xen-save-devices-state", $$"""{"filename":"/dev/fdset/{{set}}","live":false}""", CommandTimeout, cancellation)).Failed(out error, out _)
                ? new WispError(
                    ErrorCode.OperationFailed, $"The devices of machine {Id} cannot be saved into {path}: {error.Message}",
                    $"See that the disk has room: df -h {Path.GetDirectoryName(path)}", "disk-full")
                : Result.Success;
        }
        finally
        {
            // One that stays would be written to the next time.
            await qmp.ExecuteAsync("remove-fd", $$"""{"fdset-id":{{set}}}""", CommandTimeout, CancellationToken.None);
        }
    }

    private async Task<Result<Attachment>> AttachmentAsync(CancellationToken cancellation)
    {
        if (_attachment is { } there)
        {
            return there;
        }

        var opened = await Attachment.OpenAsync(_vmm.Connection.Qmp, CommandTimeout, cancellation);
        return opened.Failed(out var error, out var attachment) ? error : _attachment = attachment;
    }
}
