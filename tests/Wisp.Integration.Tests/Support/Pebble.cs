using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Wisp.Integration.Tests.Support;

/// <summary>
/// A certificate authority that validates, on loopback: Debian's pebble, with the resolver that comes along. All names lead to 127.0.0.1
/// unless they are told otherwise.
/// </summary>
public sealed class Pebble : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-pebble-").FullName;
    private readonly List<Process> _processes = [];
    private HttpClient _http = null!;

    private Pebble()
    {
    }

    /// <summary>The authority's directory.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The management of its resolver.</summary>
    public string Resolver { get; private set; } = "";

    /// <summary>What its API is to be trusted by.</summary>
    public string ApiRoot => Path.Combine(_directory, "api.pem");

    /// <summary>What clients of its certificates trust.</summary>
    public string Root => Path.Combine(_directory, "root.pem");

    /// <summary>Starts it.</summary>
    /// <param name="httpPort">Where it asks for HTTP-01.</param>
    /// <param name="life">How long its certificates are good.</param>
    /// <param name="accounts">Keys, in base64url, by their identifiers: with any, it takes only accounts that are bound to one of these.</param>
    public static async Task<Pebble> StartAsync(int httpPort, TimeSpan life, IReadOnlyDictionary<string, string>? accounts = null)
    {
        var pebble = new Pebble();
        await pebble.RunAsync(httpPort, life, accounts ?? new Dictionary<string, string>(StringComparer.Ordinal));
        return pebble;
    }

    /// <summary>Has a name lead to another address.</summary>
    public async Task LeadAsync(string host, string address)
    {
        using var told = await _http.PostAsJsonAsync(new Uri(Resolver + "/add-a"), new { host, addresses = new[] { address } });
        told.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task RunAsync(int httpPort, TimeSpan life, IReadOnlyDictionary<string, string> accounts)
    {
        var (api, management, dns, resolver) = (Ports.Free(), Ports.Free(), Ports.Free(), Ports.Free());
        var trusted = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trusted.CustomTrustStore.Add(MakeApiCertificate());
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = trusted } });
        var settings = new
        {
            pebble = new
            {
                listenAddress = $"127.0.0.1:{api}", managementListenAddress = $"127.0.0.1:{management}", certificate = ApiRoot, privateKey = Path.Combine(_directory, "api.key"),
                httpPort, tlsPort = 1, ocspResponderURL = "", externalAccountBindingRequired = accounts.Count > 0, externalAccountMACKeys = accounts, certificateValidityPeriod = (int)life.TotalSeconds,
            },
        };
        var file = Path.Combine(_directory, "pebble.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(settings));
        Start("pebble-challtestsrv", "-dns01", $"127.0.0.1:{dns}", "-http01", "", "-https01", "", "-tlsalpn01", "", "-management", $"127.0.0.1:{resolver}", "-defaultIPv6", "");
        Start("pebble", "-config", file, "-dnsserver", $"127.0.0.1:{dns}");
        Url = new Uri($"https://127.0.0.1:{api}/dir");
        Resolver = $"http://127.0.0.1:{resolver}";
        await ConnectAsync(resolver);
        await ConnectAsync(api);
        await ConnectAsync(management);
        await File.WriteAllTextAsync(Root, await _http.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{management}/roots/0"))));
    }

    private void Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PEBBLE_VA_NOSLEEP"] = "1";
        start.Environment["PEBBLE_AUTHZREUSE"] = "0";
        // As often as an authority of the real world would never.
        start.Environment["PEBBLE_WFE_NONCEREJECT"] = "30";
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private async Task ConnectAsync(int port)
    {
        while (true)
        {
            Assert.DoesNotContain(_processes, process => process.HasExited);
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    private X509Certificate2 MakeApiCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=pebble", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(ApiRoot, made.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_directory, "api.key"), key.ExportPkcs8PrivateKeyPem());
        return X509CertificateLoader.LoadCertificate(made.RawData);
    }
}
