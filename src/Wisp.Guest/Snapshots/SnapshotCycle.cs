using System.Text;
using Wisp.Guest.Agent;
using Wisp.Guest.Native;
using Wisp.Guest.Network;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Snapshots;

/// <summary>What this machine does when its memory is captured, and when it goes on from there.</summary>
internal sealed class SnapshotCycle(FrameSender send, ConsolePort console)
{
    private readonly ProcessorPark _park = new();
    private readonly IdentityFiles _files = new();
    private GuestConfiguration? _configuration;
    private Reaper? _reaper;
    private GuestIdentity? _identity;
    private string? _trouble, _left;
    private bool _isHookRunning, _wasHeld;
    private long _hookEnds, _holdEnds, _cutEnds;

    /// <summary>How long until <see cref="OnTime"/> has something to do; -1 for ever.</summary>
    public int TimeoutMs
    {
        get
        {
            var ends = _isHookRunning ? _hookEnds : _holdEnds;
            ends = ends == 0 || (_cutEnds != 0 && _cutEnds < ends) ? _cutEnds : ends;
            return ends == 0 ? -1 : (int)Math.Clamp(ends - Environment.TickCount64, 0, int.MaxValue);
        }
    }

    /// <summary>This machine is now somebody.</summary>
    public void Identify(GuestConfiguration configuration)
    {
        _configuration = configuration;
        _identity = new GuestIdentity
        {
            Hostname = configuration.Hostname,
            Address = configuration.Address,
            Gateway = configuration.Gateway,
            GatewayMac = configuration.GatewayMac,
            Nameserver = configuration.Nameserver,
        };
        _files.Write(null, _identity);
        Complain(GuestNetwork.Configure(_identity));
    }

    /// <summary>The application runs: from now on there can be hooks.</summary>
    public void Begin(Reaper reaper) => _reaper = reaper;

    /// <summary>The application has ended, and all other processes with it: from now on there are no hooks.</summary>
    public void End()
    {
        _reaper = null;
        if (_isHookRunning)
        {
            _isHookRunning = false;
            Ready("the application has ended");
        }
    }

    /// <summary>Memory is about to be captured.</summary>
    /// <param name="milliseconds">How long a hook may take.</param>
    public void Prepare(uint milliseconds)
    {
        if (_isHookRunning)
        {
            return;
        }

        if (_reaper is null || !Hook.Exists(Hook.Before))
        {
            Ready("");
            return;
        }

        var error = _reaper.Run(() => Hook.Start(Hook.Before, HookEnvironment(), console));
        if (error != 0)
        {
            Ready($"{Hook.Before} cannot be started: errno {error}");
            return;
        }

        (_isHookRunning, _hookEnds) = (true, Environment.TickCount64 + milliseconds);
    }

    /// <summary>The hook has ended.</summary>
    public void OnHookEnded(int status)
    {
        if (!_isHookRunning)
        {
            return;
        }

        _isHookRunning = false;
        // wait(2): the low seven bits are the signal, 0 for an exit; the next byte is the exit code.
        var (signal, code) = (status & 0x7F, (status >> 8) & 0xFF);
        Ready(status == 0 ? "" : signal != 0 ? $"{Hook.Before} was ended by signal {signal}" : $"{Hook.Before} failed with exit code {code}");
    }

    /// <summary>Looks whether somebody is late: a hook, or a host that has everything held and does not come back.</summary>
    public void OnTime()
    {
        var now = Environment.TickCount64;
        if (_cutEnds != 0 && now >= _cutEnds)
        {
            CutOff();
        }

        if (_isHookRunning && now >= _hookEnds)
        {
            _isHookRunning = false;
            _reaper!.KillHook();
            Ready($"{Hook.Before} took too long and was killed");
        }
        else if (!_isHookRunning && _holdEnds != 0 && now >= _holdEnds)
        {
            LetGo();
            _park.Tidy();
        }
    }

    /// <summary>The machine slept, or was captured and runs on.</summary>
    public void Resume(in ResumeNotice notice)
    {
        Renew(notice.UnixNanoseconds, notice.Entropy.Span);
        if (LetGo())
        {
            _park.Tidy();
        }
    }

    /// <summary>
    /// This machine goes on from a captured memory: makes it the one that it is now, then lets applications run. On the way of every
    /// request that a clone waits for, so as little as can be.
    /// </summary>
    public void TakeOver(GuestRestore restore)
    {
        Renew(restore.UnixNanoseconds, restore.Entropy);
        if (restore.Identity is { } identity)
        {
            _files.Write(_identity, identity);
            _trouble = _identity is null ? null : GuestNetwork.Change(_identity, identity);
            // Those of the one before, when it was captured again before it had come to that.
            CutOff();
            _left = _identity?.Address;
            if (_left == identity.Address)
            {
                // Now, while nobody can have connected to the one that it is: later theirs could not be told apart.
                CutOff();
            }

            _identity = identity;
        }

        _wasHeld = LetGo();
    }

    /// <summary>What can wait until the host has been told.</summary>
    public void GoOn()
    {
        Complain(_trouble);
        _trouble = null;
        if (_left is not null)
        {
            // Not on the way of the first request, of which it would be a tenth in an emulated guest.
            _cutEnds = Environment.TickCount64 + 250;
        }

        if (_reaper is not null && Hook.Exists(Hook.After) && Hook.Start(Hook.After, HookEnvironment(), console) is < 0 and var error)
        {
            console.Write($"wisp-init: {Hook.After} cannot be started: errno {-error}\n");
        }

        if (_wasHeld)
        {
            _park.Tidy();
        }
    }

    private void CutOff()
    {
        if (_left is not null)
        {
            AbandonedConnections.End(_left);
        }

        (_left, _cutEnds) = (null, 0);
    }

    private void Complain(string? trouble)
    {
        if (trouble is not null)
        {
            console.Write($"wisp-init: network: {trouble}\n");
        }
    }

    private static void Renew(long unixNanoseconds, ReadOnlySpan<byte> entropy)
    {
        if (unixNanoseconds > 0)
        {
            GuestClock.Set(unixNanoseconds);
        }

        if (!entropy.IsEmpty)
        {
            GuestClock.AddRandomness(entropy);
        }
    }

    private void Ready(string trouble)
    {
        // What an application wrote is on its disk when that is captured.
        Libc.sync();
        _park.Hold();
        _holdEnds = _park.IsHeld ? Environment.TickCount64 + (long)ProcessorPark.Limit.TotalMilliseconds : 0;
        send(FrameKind.Prepared, Encoding.UTF8.GetBytes(trouble));
    }

    private bool LetGo()
    {
        var held = _park.IsHeld;
        _park.Release();
        _holdEnds = 0;
        return held;
    }

    private IReadOnlyList<string> HookEnvironment() => Hook.Environment(_configuration!.Environment, _identity!.Hostname);
}
