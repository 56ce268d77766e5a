using System.CommandLine;
using System.Net;
using Wisp;
using Wisp.Daemon;
using Wisp.Daemon.Backups;
using Wisp.Layout;

var dataDirectory = new Option<string>("--data-dir")
{
    Description = "Where this node keeps its state.",
    DefaultValueFactory = _ => DataDirectory.FromEnvironment().Root,
};
var listen = new Option<IPEndPoint>("--listen")
{
    Description = "Address and port of the API; port 0 picks a free one.",
    DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 7077),
    CustomParser = result =>
    {
        if (result.Tokens is [{ Value: var text }] && IPEndPoint.TryParse(text, out var endpoint))
        {
            return endpoint;
        }

        result.AddError("--listen takes an address and a port, such as 127.0.0.1:7077.");
        return null;
    },
};

var serve = new Command("serve", "Serve the API and the gateway until told to stop; machines run on afterwards.")
{
    dataDirectory, listen, SleepTimes.ReclaimOption, SleepTimes.HibernateOption, NodeSettings.ForkLimitOption, NodeSettings.RateLimitOption, NodeSettings.RetainDeletedOption,
    GatewaySettings.AddressOption, GatewaySettings.HttpPortOption, GatewaySettings.HttpsPortOption, GatewaySettings.DomainSuffixOption, NodeSettings.PrivateNetworkOption,
    GatewaySettings.HeaderTimeoutOption, GatewaySettings.BodyTimeoutOption, GatewaySettings.IdleTimeoutOption, GatewaySettings.MaxConnectionsOption,
    AcmeOptions.DirectoryOption, AcmeOptions.EmailOption, AcmeOptions.RootOption, AcmeOptions.KeyIdOption, AcmeOptions.KeyFileOption, AcmeOptions.DnsHookOption, AcmeOptions.DomainsOption,
    AccessLogOptions.TargetOption, AccessLogOptions.SampleOption,
};
serve.Validators.Add(AcmeOptions.Check);
serve.Validators.Add(AccessLogOptions.Check);
serve.SetAction((parsed, cancellation) =>
    ReportAsync(ServeCommand.RunAsync(
        new DataDirectory(Path.GetFullPath(parsed.GetValue(dataDirectory)!)),
        parsed.GetValue(listen)!,
        new NodeSettings(
            new SleepTimes(parsed.GetValue(SleepTimes.ReclaimOption), parsed.GetValue(SleepTimes.HibernateOption)),
            parsed.GetValue(NodeSettings.ForkLimitOption),
            parsed.GetValue(NodeSettings.RateLimitOption),
            parsed.GetValue(NodeSettings.RetainDeletedOption),
            GatewaySettings.Of(parsed),
            parsed.GetValue(NodeSettings.PrivateNetworkOption)),
        cancellation)));

var down = new Command("down", "Stop the daemon and every machine, and remove interfaces, mounts and control groups. Data stays.") { dataDirectory };
down.SetAction((parsed, cancellation) =>
    ReportAsync(DownCommand.RunAsync(new DataDirectory(Path.GetFullPath(parsed.GetValue(dataDirectory)!)), Console.Out, cancellation)));

var restart = new Command("restart", "Start the daemon anew, as it lies on the disk now: machines run on, and who connects meanwhile waits for it.") { dataDirectory };
restart.SetAction((parsed, cancellation) =>
    ReportAsync(RestartCommand.RunAsync(new DataDirectory(Path.GetFullPath(parsed.GetValue(dataDirectory)!)), Console.Out, cancellation)));

var file = new Argument<string>("file") { Description = "The backup." };
var with = new Option<string?>("--with") { Description = "What to take along: images, snapshots, or both with a comma between them.", HelpName = "PARTS" };
var backup = new Command("backup", "Write the state of the node into a file, while it is served or not.") { file, with, dataDirectory };
backup.SetAction((parsed, cancellation) => ReportAsync(BackupParts.Parse(parsed.GetValue(with)).Failed(out var wrong, out var parts)
    ? Task.FromResult<Result>(wrong)
    : BackupCommand.RunAsync(
        new DataDirectory(Path.GetFullPath(parsed.GetValue(dataDirectory)!)), Path.GetFullPath(parsed.GetValue(file)!), parts, Console.Out, cancellation)));

var force = new Option<bool>("--force") { Description = "Replace the node that is there." };
var restore = new Command("restore", "Make the data directory what it was when a backup was written; nobody may serve it.") { file, force, dataDirectory };
restore.SetAction((parsed, cancellation) => ReportAsync(RestoreCommand.RunAsync(
    new DataDirectory(Path.GetFullPath(parsed.GetValue(dataDirectory)!)), Path.GetFullPath(parsed.GetValue(file)!), parsed.GetValue(force), Console.Out, cancellation)));

// A signal cancels; what has to be put in order then takes a while at worst.
return await new RootCommand("The Wisp daemon. People use 'wisp'.") { serve, down, restart, backup, restore }
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });

static async Task<int> ReportAsync(Task<Result> work)
{
    if ((await work).Failed(out var error))
    {
        await Console.Error.WriteLineAsync($"wispd: {error}");
        return 1;
    }

    return 0;
}
