using System.Buffers.Binary;
using Wisp.Guest.Agent;
using Wisp.Guest.Control;
using Wisp.Guest.Entrypoint;
using Wisp.Guest.Fuse;
using Wisp.Guest.Native;
using Wisp.Guest.Network;
using Wisp.Guest.Snapshots;
using Wisp.GuestProtocol;

namespace Wisp.Guest;

/// <summary>
/// PID 1. One thread waits for events (host, output, end of the application); a second one reaps. With nothing to do both stand
/// still: there is no timer, except while a port is watched for.
/// </summary>
internal sealed unsafe class Init(int self, AgentPort agent, ConsolePort console)
{
    /// <summary>Where applications find what they can ask of their host.</summary>
    public const string ControlDirectory = "/uk/libukp";

    private const int PortPollMs = 15;

    private readonly int _epoll = Libc.epoll_create1(Libc.CloseOnExec);
    private readonly long _bootMicroseconds = GuestClock.BootMicroseconds();
    private GuestPhase _phase = GuestPhase.Waiting;
    private Application? _application;
    private Reaper? _reaper;
    private GuestExit? _exit;
    private long _oomKillsBefore;
    private readonly HashSet<int> _outputs = [];
    private SleepNotice? _notice;
    private readonly ControlFilesystem? _control = Mount(agent, console);
    private readonly SnapshotCycle _snapshots = new(agent.Send, console);
    private bool _powerOff;

    /// <summary>Runs until the host says to power off.</summary>
    public void Run()
    {
        Priority.BeforeApplications();
        Watch(agent.Fd, Libc.EpollIn | Libc.EpollOut | Libc.EpollHup | Libc.EpollEdge);
        if (_control is not null)
        {
            Watch(_control.Fd, Libc.EpollIn);
        }

        SendStatus();
        var events = stackalloc EpollEvent[8];
        while (!_powerOff)
        {
            // SAFETY: eight events, and the call is told so.
            var count = Libc.epoll_wait(_epoll, events, 8, WatchesPorts ? PortPollMs : _snapshots.TimeoutMs);
            for (var i = 0; i < count; i++)
            {
                Handle(events[i].Fd);
            }

            _snapshots.OnTime();
            if (WatchesPorts)
            {
                Ports.Look();
            }
        }
    }

    private bool WatchesPorts => _phase == GuestPhase.Running && Ports.IsLooking;

    private PortWatch Ports => field ??= new PortWatch(port => agent.Send(FrameKind.PortOpen, [(byte)port, (byte)(port >> 8)]), SendStatus);

    private void Handle(int fd)
    {
        if (fd == agent.Fd)
        {
            agent.Pump(OnFrame);
        }
        else if (fd == _control?.Fd)
        {
            _control.Serve();
        }
        else if (fd == _notice?.Fd)
        {
            _notice.Send();
            _notice = null;
        }
        else if (fd == _reaper?.Fd)
        {
            if (_reaper.HasEnded)
            {
                OnExited();
            }
            else if (_reaper.TakeHook() is { } status)
            {
                _snapshots.OnHookEnded(status);
            }
        }
        else if (!console.Copy(fd))
        {
            _ = Libc.epoll_ctl(_epoll, Libc.EpollDelete, fd, null);
            _ = Libc.close(fd);
            _outputs.Remove(fd);
        }
    }

    private void OnFrame(FrameKind kind, ReadOnlyMemory<byte> payload)
    {
        switch (kind)
        {
            case FrameKind.Resumed when ResumeNotice.TryDecode(payload, out var notice):
                _snapshots.Resume(notice);
                break;
            case FrameKind.Restore when GuestRestore.TryDecode(payload.Span, out var restore):
                Restore(restore);
                break;
            case FrameKind.Prepare when NumberPayload.TryDecode(payload.Span, out uint milliseconds):
                _snapshots.Prepare(milliseconds);
                break;
            case FrameKind.Query:
                SendStatus();
                _control?.Report();
                break;
            case FrameKind.ForkDone when ForkOutcome.TryDecode(payload.Span, out var forked):
                _control?.OnForkDone(forked);
                break;
            case FrameKind.ForkChild when ForkChild.TryDecode(payload.Span, out var child):
                _control?.OnChild(child);
                break;
            case FrameKind.TemplateDone when TemplateOutcome.TryDecode(payload.Span, out var failed):
                _control?.OnTemplateDone(failed);
                break;
            case FrameKind.SleepNotice:
                _notice = SleepNotice.Begin();
                if (_notice is not null)
                {
                    Watch(_notice.Fd, Libc.EpollOut);
                }

                break;
            case FrameKind.Configure when _phase == GuestPhase.Waiting:
                Start(GuestConfiguration.TryDecode(payload.Span, out var configuration) ? configuration : throw new InvalidDataException());
                break;
            case FrameKind.Signal when _application is not null && _exit is null && payload.Length >= 4:
                _ = Libc.kill(_application.ProcessId, BinaryPrimitives.ReadInt32LittleEndian(payload.Span));
                break;
            case FrameKind.PowerOff:
                _powerOff = true;
                break;
        }
    }

    private void Start(GuestConfiguration configuration)
    {
        Ports.Begin(configuration.WatchedPorts);
        if (configuration.UnixNanoseconds > 0)
        {
            GuestClock.Set(configuration.UnixNanoseconds);
        }

        _snapshots.Identify(configuration);
        _oomKillsBefore = OomKills();
        var (started, failure) = Application.Start(configuration, self);
        if (started is null)
        {
            console.Write($"wisp-init: {failure!.StartFailure}\n");
            End(failure);
            return;
        }

        _application = started;
        _phase = GuestPhase.Running;
        foreach (var output in (int[])[started.Stdout, started.Stderr])
        {
            _outputs.Add(output);
            Watch(output, Libc.EpollIn);
        }

        _reaper = new Reaper(started.ProcessId);
        Watch(_reaper.Fd, Libc.EpollIn);
        _snapshots.Begin(_reaper);
        SendStatus();
    }

    private void Restore(GuestRestore restore)
    {
        Ports.Begin(restore.WatchedPorts);
        agent.Together(() =>
        {
            _snapshots.TakeOver(restore);
            _control?.OnRestored(restore);
            agent.Send(FrameKind.Restored, []);
            SendStatus();
            _control?.Report();
        });
        _snapshots.GoOn();
    }

    private void OnExited()
    {
        var status = _reaper!.Status;
        _ = Libc.epoll_ctl(_epoll, Libc.EpollDelete, _reaper.Fd, null);
        // Whoever waits in a file of it could not be killed.
        _control?.Dispose();
        EndOthers();
        _snapshots.End();
        DrainOutput();
        // wait(2): the low seven bits are the signal, 0 for an exit; the next byte is the exit code.
        var signal = status & 0x7F;
        End(new GuestExit
        {
            ExitCode = signal == 0 ? (status >> 8) & 0xFF : 128 + signal,
            Signal = signal == 0 ? null : signal,
            OutOfMemory = signal == Libc.SigKill && OomKills() > _oomKillsBefore,
        });
    }

    private void End(GuestExit exit)
    {
        _exit = exit;
        _phase = GuestPhase.Exited;
        Libc.sync();
        agent.Send(FrameKind.Exited, exit.Encode());
    }

    // As a container's processes end with its first. Nobody is left to obey a signal, so none is asked.
    private void EndOthers()
    {
        // SAFETY: kill(-1) reaches every process but this one.
        _ = Libc.kill(-1, Libc.SigKill);
        _reaper!.Join();
    }

    private void DrainOutput()
    {
        // All writers are gone, so both pipes come to their end.
        foreach (var fd in _outputs)
        {
            while (console.Copy(fd))
            {
            }
        }
    }

    private void SendStatus()
    {
        var status = new GuestStatus
        {
            Phase = _phase,
            OpenPorts = Ports.Open,
            LoopbackOnlyPorts = Ports.LoopbackOnly,
            Exit = _exit,
            BootMicroseconds = _bootMicroseconds,
        };
        agent.Send(FrameKind.Status, status.Encode());
    }

    private static ControlFilesystem? Mount(AgentPort agent, ConsolePort console)
    {
        // 0755
        _ = Libc.mkdir("/uk", 0x1ED);
        _ = Libc.mkdir(ControlDirectory, 0x1ED);
        if (FuseConnection.Mount(ControlDirectory) is { } connection)
        {
            return new ControlFilesystem(connection, agent.Send);
        }

        console.Write($"wisp-init: cannot mount {ControlDirectory}: errno {Libc.Errno}\n");
        return null;
    }

    private void Watch(int fd, uint what)
    {
        var happened = new EpollEvent { Events = what, Fd = fd };
        // SAFETY: the structure lives through the call.
        _ = Libc.epoll_ctl(_epoll, Libc.EpollAdd, fd, &happened);
    }

    private static long OomKills() =>
        (Descriptor.ReadText("/proc/vmstat") ?? "").Split('\n').FirstOrDefault(line => line.StartsWith("oom_kill ", StringComparison.Ordinal)) is { } line
            && long.TryParse(line.AsSpan(9), out var kills) ? kills : 0;
}
