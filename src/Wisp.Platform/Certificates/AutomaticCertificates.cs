using Microsoft.Extensions.Logging;
using Wisp.Certificates;
using Wisp.Certificates.Acme;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Naming;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Certificates;

/// <summary>
/// Certificates that the node gets by itself, for domains that name none: each has a record as soon as a group wants it, is issued and renewed in
/// the background, and goes when no group wants it any more. One order for an account and one for a host at a time, few at once.
/// </summary>
internal sealed class AutomaticCertificates(
    Catalogue catalogue, RoutePublisher routes, RecordStore records, CertificateShelf shelf, ICertificateIssuer issuer, AutomaticScope scope, PlatformOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>How many an account may have: what an authority issues to this node is for all of them.</summary>
    public const int Most = 50;

    private const int OrdersAtOnce = 4;

    // Timers count time that passes. When the host's clock is set or the host was suspended, the next look is not later than this.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _places = new(OrdersAtOnce, OrdersAtOnce);
    private readonly CancellationTokenSource _end = new();
    private readonly BackgroundWork _work = new(logger.WorkFailed);
    private readonly Lock _gate = new();
    // The host that each account has an order for.
    private readonly Dictionary<Guid, string> _busy = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Begins; what was pending starts anew.</summary>
    public void Start() => _running = Rounds.GoAsync(catalogue.DomainsChanged, LookAsync, logger.WorkFailed, time, _end.Token);

    /// <summary>Ends, as often as it is asked. An order that is under way is given up.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await _running;
        await _work.DisposeAsync();
    }

    private async ValueTask<TimeSpan> LookAsync()
    {
        await ReconcileAsync(_end.Token);
        return BeginDue();
    }

    // Records and groups made to agree. A look costs no turn; most changes are not about this.
    private async Task ReconcileAsync(CancellationToken cancellation)
    {
        if (!Differ())
        {
            return;
        }

        using var turn = await catalogue.ChangeAsync(cancellation);
        foreach (var group in catalogue.Groups.Values)
        {
            var made = new List<CertificateRecord>();
            var certificates = AutomaticDomains.Put(group, options.DomainSuffix, domain => scope.Covers(group.Account, domain), IsAutomatic, domain => (Find(group.Account, domain) ?? Make(group, domain, made))?.Uuid);
            if (ReferenceEquals(certificates, group.Certificates))
            {
                continue;
            }

            var after = group with { Certificates = certificates };
            if ((await records.CommitAsync([.. made.Select(RecordStore.Put), RecordStore.Put(after)])).Failed(out var error))
            {
                logger.AutomaticNotWritten(group.Name, error);
                return;
            }

            made.ForEach(catalogue.Put);
            catalogue.Put(after);
            if ((await routes.PublishAsync(after, CancellationToken.None)).Failed(out error))
            {
                logger.NotPublished(group.Name, error);
            }
        }

        var gone = Unused();
        foreach (var unused in gone)
        {
            if ((await records.CommitAsync(RecordStore.Delete(unused))).Failed(out var error))
            {
                logger.AutomaticNotWritten(unused.Name, error);
                return;
            }

            catalogue.RemoveCertificate(unused.Uuid);
            shelf.Remove(unused.Uuid);
            logger.AutomaticGone(unused.CommonName, unused.Name);
        }

        if (gone.Length > 0)
        {
            // There is a place for one that had none.
            catalogue.DomainsChanged.Raise();
        }
    }

    private bool Differ() => Unused().Any()
        || catalogue.Groups.Values.Any(group => !ReferenceEquals(AutomaticDomains.Put(group, options.DomainSuffix, domain => scope.Covers(group.Account, domain), IsAutomatic, domain => MayHave(group.Account, domain) ? Guid.Empty : null), group.Certificates));

    private CertificateRecord[] Unused()
    {
        var used = catalogue.Groups.Values.SelectMany(group => group.Certificates.Values).ToHashSet();
        return [.. catalogue.Certificates.Values.Where(record => record.Automatic is not null && !used.Contains(record.Uuid))];
    }

    private bool IsAutomatic(Guid certificate) => catalogue.Certificates.GetValueOrDefault(certificate)?.Automatic is not null;

    private CertificateRecord? Find(Guid account, string domain) =>
        catalogue.Certificates.Values.FirstOrDefault(record => record.Automatic is not null && record.Account == account && record.CommonName == domain);

    private bool MayHave(Guid account, string domain) => Find(account, domain) is not null || Count(account) < Most;

    private int Count(Guid account) => catalogue.Certificates.Values.Count(record => record.Automatic is not null && record.Account == account);

    private CertificateRecord? Make(ServiceGroupRecord group, string domain, List<CertificateRecord> made)
    {
        if (Count(group.Account) + made.Count >= Most)
        {
            logger.AutomaticTooMany(domain, Most);
            return null;
        }

        var now = time.GetUtcNow();
        var record = new CertificateRecord
        {
            Uuid = Guid.NewGuid(), Name = NameGenerator.ForCertificate(domain), Account = group.Account, CreatedAt = now, CommonName = domain, Chain = "", Key = "",
            Automatic = new AutomaticState(0, now),
        };
        made.Add(record);
        return record;
    }

    // How long there is nothing to do after it.
    private TimeSpan BeginDue()
    {
        var now = time.GetUtcNow();
        var wait = LongestSleep;
        lock (_gate)
        {
            foreach (var record in catalogue.Certificates.Values.Where(record => record.Automatic is not null).OrderBy(record => record.Automatic!.Next))
            {
                if (_busy.ContainsKey(record.Account) || _busy.ContainsValue(record.CommonName))
                {
                    // It is looked at again when that order has ended.
                    continue;
                }

                var left = record.Automatic!.Next - now;
                if (left <= TimeSpan.Zero)
                {
                    _busy.Add(record.Account, record.CommonName);
                    _work.Begin(() => IssueAsync(record));
                }
                else
                {
                    wait = left < wait ? left : wait;
                }
            }
        }

        return wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1);
    }

    private async Task IssueAsync(CertificateRecord record)
    {
        await _places.WaitAsync(_end.Token);
        try
        {
            await SettleAsync(record, await AskAsync(record.CommonName));
        }
        finally
        {
            _places.Release();
            lock (_gate)
            {
                _busy.Remove(record.Account);
            }

            catalogue.DomainsChanged.Raise();
        }
    }

    // Whatever breaks is tried again no sooner than what is refused.
    private async Task<IssueOutcome> AskAsync(string host)
    {
        try
        {
            return await issuer.IssueAsync(host, _end.Token);
        }
        catch (Exception exception) when (!_end.IsCancellationRequested)
        {
            logger.WorkFailed(exception);
            return new IssueOutcome(new WispError(ErrorCode.OperationFailed, $"The order for '{host}' broke: {exception.Message}"));
        }
    }

    private async Task SettleAsync(CertificateRecord asked, IssueOutcome outcome)
    {
        using var turn = await catalogue.ChangeAsync(_end.Token);
        if (catalogue.Certificates.GetValueOrDefault(asked.Uuid) is not { Automatic: { } before } record)
        {
            // Nobody wants it any more.
            return;
        }

        var now = time.GetUtcNow();
        if (outcome.Issued.Failed(out var error, out var issued) || CertificateReader.Read(record.CommonName, issued.Chain, issued.Key, now).Failed(out error, out var certificate))
        {
            var attempt = before.Attempt + 1;
            var next = now + IssueTimes.After(attempt, outcome.RetryAfter);
            logger.NotIssued(record.CommonName, attempt, next, error);
            record = record with { Automatic = new AutomaticState(attempt, next, $"{error.Message} {error.NextStep}".TrimEnd()) };
            certificate = null;
        }
        else
        {
            var renewal = IssueTimes.Next(record.Uuid, certificate.NotBefore, certificate.NotAfter, now);
            logger.Issued(record.CommonName, certificate.Issuer, certificate.NotAfter, renewal);
            record = record with { Chain = issued.Chain, Key = issued.Key, Automatic = new AutomaticState(0, renewal) };
        }

        // What cannot be written down is presented all the same: the authority will not issue it again and again.
        if ((await records.CommitAsync(RecordStore.Put(record))).Failed(out error))
        {
            logger.AutomaticNotWritten(record.Name, error);
        }

        if (certificate is not null)
        {
            shelf.Put(record.Uuid, certificate, isChosen: false);
        }

        catalogue.Put(record);
    }
}
