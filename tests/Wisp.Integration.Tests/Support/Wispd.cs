using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Integration.Tests.Support;

/// <summary>A real wispd over a data directory of its own.</summary>
public sealed class Wispd : IAsyncDisposable
{
    private Process? _process;
    private List<string> _said = [];

    /// <summary>The daemon that was built along with the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "wispd.dll");

    public DataDirectory Data { get; } = new(Directory.CreateTempSubdirectory("wisp-it-").FullName);

    public HttpClient Api { get; private set; } = new();

    public string Endpoint => Record().GetProperty("endpoint").GetString()!;

    public int Pid => _process!.Id;

    /// <summary>What it is started with beside its directory, from the next start on.</summary>
    public IReadOnlyList<string> Options { get; set; } = [];

    /// <summary>Starts it and returns once it says that it serves.</summary>
    public async Task StartAsync()
    {
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = _said = [];
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Program, "serve", "--data-dir", Data.Root, "--listen", "127.0.0.1:0", .. Options])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        void Hear(string? line)
        {
            lock (said)
            {
                said.Add(line ?? "");
            }

            if (line?.Contains("Serving ", StringComparison.Ordinal) == true)
            {
                serving.TrySetResult();
            }
        }

        _process.OutputDataReceived += (_, e) => Hear(e.Data);
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.Exited += (_, _) =>
        {
            lock (said)
            {
                serving.TrySetException(new InvalidOperationException("wispd ended: " + string.Join('\n', said)));
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await serving.Task.WaitAsync(TimeSpan.FromMinutes(3));
        Api.Dispose();
        Api = new HttpClient { BaseAddress = new Uri(Endpoint), Timeout = TimeSpan.FromMinutes(3) };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Data.TokenFile)).Trim());
    }

    /// <summary>kill -9: nothing is put in order.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends it a signal.</summary>
    public async Task SignalAsync(string name) =>
        Assert.True((await new ToolRunner().RunAsync(new ToolCommand("kill", $"-{name}", Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)), null, CancellationToken.None)).Value.Ok);

    /// <summary>Waits until it has ended.</summary>
    public Task EndedAsync() => _process!.WaitForExitAsync(TestContext.Current.CancellationToken);

    /// <summary>One call; the answer's JSON whatever its status.</summary>
    public async Task<JsonObject> CallAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        }

        using var response = await Api.SendAsync(request, TestContext.Current.CancellationToken);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    /// <summary>One call; the only item of its answer.</summary>
    public async Task<JsonObject> ItemAsync(HttpMethod method, string path, string? body = null)
    {
        var answer = await CallAsync(method, path, body);
        var data = answer["data"]?.AsObject() ?? throw new InvalidOperationException($"{method} {path}: {answer.ToJsonString()}");
        return data.Single().Value!.AsArray().Single()!.AsObject();
    }

    public Task<JsonObject> InstanceAsync(string name) => ItemAsync(HttpMethod.Get, $"/v1/instances?name={name}");

    /// <summary>Waits for a state by the API's own wait.</summary>
    public async Task WaitAsync(string name, string state, int seconds = 60)
    {
        var item = await ItemAsync(HttpMethod.Get, $"/v1/instances/wait?name={name}&state={state}&timeout_s={seconds}");
        if (item["state"]?.GetValue<string>() != state)
        {
            var log = await LogAsync(name);
            throw new InvalidOperationException($"'{name}' is not {state}: {item.ToJsonString()}\n{(await InstanceAsync(name)).ToJsonString()}\n{log}");
        }
    }

    public async Task<string> LogAsync(string name)
    {
        var item = await ItemAsync(HttpMethod.Get, $"/v1/instances/log?name={name}&offset=0&limit=65536");
        return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(item["output"]?.GetValue<string>() ?? ""));
    }

    /// <summary>Waits until a log holds a text.</summary>
    public async Task<string> WaitForLogAsync(string name, string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var log = await LogAsync(name);
            if (log.Contains(text, StringComparison.Ordinal))
            {
                return log;
            }

            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Waits until wispd has said a line with all of these in it.</summary>
    public async Task WaitForOutputAsync(params string[] words)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            lock (_said)
            {
                if (_said.Any(line => words.All(word => line.Contains(word, StringComparison.Ordinal))))
                {
                    return;
                }
            }

            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Publishes an instance and waits until it runs.</summary>
    public async Task<JsonObject> RunAsync(string name, string image, int port, string extra = "", string handlers = "[\"http\"]", int destination = 8080, int memory = 128, string policy = "on", int cooldown = 300)
    {
        var made = await ItemAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"name":"{{name}}","image":"{{image}}","memory_mb":{{memory}},"autostart":true,"timeout_s":120,
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":{{destination}},"handlers":{{handlers}}}]},
             "scale_to_zero":{"policy":"{{policy}}","stateful":true,"cooldown_time_ms":{{cooldown}}}{{extra}}}
            """);
        return made["error"] is null ? made : throw new InvalidOperationException(made.ToJsonString() + "\n" + await LogAsync(name));
    }

    public async Task DeleteAsync(string name) => await CallAsync(HttpMethod.Delete, "/v1/instances", $$"""[{"name":"{{name}}"}]""");

    /// <summary>The process that is an instance's machine.</summary>
    public int VmmPid(JsonObject instance) => FindVmm(instance["uuid"]!.GetValue<string>()) ?? throw new InvalidOperationException($"{instance.ToJsonString()} has no machine");

    /// <summary>The id of the VMM that an instance's machine runs in.</summary>
    public string VmmId(JsonObject instance)
    {
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data.Instances, instance["uuid"]!.GetValue<string>(), "vmm", "vmm.json")));
        return record.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>The process that is an instance's machine, or null.</summary>
    public int? FindVmm(string uuid)
    {
        try
        {
            using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data.Instances, uuid, "vmm", "vmm.json")));
            return record.RootElement.GetProperty("pid").GetInt32() is > 0 and var pid ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Waits for how deep an instance sleeps; looking does not wake it.</summary>
    public Task<JsonObject> WaitForDepthAsync(string name, string depth, int seconds = 60) =>
        UntilAsync(name, depth, instance => instance["standby_depth"]?.GetValue<string>() == depth, seconds);

    /// <summary>Waits until what the API says of an instance is so.</summary>
    public async Task<JsonObject> UntilAsync(string name, string what, Func<JsonObject, bool> isSo, int seconds = 60)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var instance = await InstanceAsync(name);
            if (isSo(instance))
            {
                return instance;
            }

            Assert.False(patience.IsCancellationRequested, $"'{name}' is not {what} after {seconds} s: {instance.ToJsonString()}");
            await Task.Delay(20, patience.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>A list of the API, whole.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path) =>
        [.. (await CallAsync(HttpMethod.Get, path))["data"]!.AsObject().Single().Value!.AsArray().Select(item => item!.AsObject())];

    /// <summary>Everything down; then looks for what was left behind.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(Data.Root))
        {
            return;
        }

        DownExitCode = (await RunOnceAsync("down", "--data-dir", Data.Root)).ExitCode;
        if (_process is not null)
        {
            await _process.WaitForExitAsync();
            _process.Dispose();
            _process = null;
        }

        Api.Dispose();
        LastLogs = Directory.Exists(Data.Instances) ? [.. Directory.GetFiles(Data.Instances, "console.log", SearchOption.AllDirectories).Select(File.ReadAllText)] : [];
        // A disk of its own is mounted there, or was: then it goes by its contents.
        foreach (var entry in new DirectoryInfo(Data.Root).EnumerateFileSystemInfos())
        {
            (entry as DirectoryInfo)?.Delete(recursive: true);
            (entry as FileInfo)?.Delete();
        }

        if (!File.ReadLines("/proc/self/mounts").Any(line => line.Contains(Data.Root, StringComparison.Ordinal)))
        {
            Directory.Delete(Data.Root);
        }
    }

    /// <summary>Runs wispd to its end.</summary>
    public async Task<ToolOutput> RunOnceAsync(params string[] arguments)
    {
        var ran = await new ToolRunner().RunAsync(new ToolCommand("dotnet", [Program, .. arguments]), null, CancellationToken.None);
        return ran.Value;
    }

    /// <summary>What instances had said when everything was down.</summary>
    public IReadOnlyList<string> LastLogs { get; private set; } = [];

    public int DownExitCode { get; private set; } = -1;

    private JsonElement Record() => JsonDocument.Parse(File.ReadAllText(Data.DaemonFile)).RootElement;
}
