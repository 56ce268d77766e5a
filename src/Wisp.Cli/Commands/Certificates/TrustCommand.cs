using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Tools;

namespace Wisp.Cli.Commands.Certificates;

/// <summary><c>wisp trust</c>: makes this machine accept the certificates that the node issues itself.</summary>
internal static class TrustCommand
{
    // The stores of Debian's kind and of Red Hat's; whose program is here is the one that is used.
    private static readonly (string Directory, string Program, string[] Adds, string[] Removes)[] Stores =
    [
        // Without --fresh it leaves the links of what is gone.
        ("/usr/local/share/ca-certificates", "update-ca-certificates", [], ["--fresh"]),
        ("/etc/pki/ca-trust/source/anchors", "update-ca-trust", ["extract"], ["extract"]),
    ];

    // Read and written anew, so that a server cannot have anything else be written.
    private sealed record Authority(X509Certificate2 Certificate)
    {
        public string Subject => Certificate.Subject;

        public string Pem => Certificate.ExportCertificatePem() + "\n";

        // Those of several nodes are beside each other.
        public string FileName => $"wisp-{Certificate.GetCertHashString()[..16].ToLowerInvariant()}.crt";
    }

    public static Verb Create(Shell shell)
    {
        var print = new Option<bool>("--print") { Description = "Only print the authority's certificate, to import it elsewhere." };
        var remove = new Option<bool>("--remove") { Description = "Trust it no longer." };
        return new Verb(
            "trust", "Make this machine accept the certificates that the node issues for domains that have no other.",
            "sudo wisp trust", "wisp trust --print > wisp.pem", "sudo wisp trust --remove")
        {
            print, remove,
        }.Runs(shell, async call =>
        {
            if ((await AskAsync(call)).Failed(out var error, out var authority))
            {
                return error;
            }

            if (call.Get(print))
            {
                shell.Output.Write(authority.Pem);
                return ExitCode.Ok;
            }

            return await ChangeAsync(call, authority, call.Get(remove));
        });
    }

    private static async Task<Result<Authority>> AskAsync(Invocation call)
    {
        if ((await call.ConnectAsync()).Failed(out var error, out var client)
            || (await client.ListAsync(HttpMethod.Get, "/v1/certificates/authority", null, call.Cancellation)).Failed(out error, out var answer))
        {
            return error;
        }

        try
        {
            return new Authority(X509Certificate2.CreateFromPem(answer.Items is [var found, ..] ? Listing.Text(found, "chain") : ""));
        }
        catch (CryptographicException)
        {
            return new WispError(ErrorCode.OperationFailed, "The server names no authority of its own.", "See that it is a Wisp server of this version.");
        }
    }

    private static async Task<Result<int>> ChangeAsync(Invocation call, Authority authority, bool isRemoval)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new WispError(
                ErrorCode.NotAllowed, "Only root can change what this machine trusts.", $"Run 'sudo wisp trust{(isRemoval ? " --remove" : "")}', or import it yourself: wisp trust --print > wisp.pem");
        }

        if (Stores.FirstOrDefault(store => Directory.Exists(store.Directory)) is not { Directory: { } directory } store)
        {
            return new WispError(ErrorCode.NotSupported, "This machine keeps what it trusts where wisp does not know.", "Import it yourself: wisp trust --print > wisp.pem");
        }

        var file = Path.Combine(directory, authority.FileName);
        try
        {
            if (isRemoval && !File.Exists(file))
            {
                call.Shell.Error.WriteLine($"{file} is not there: this machine does not trust {authority.Subject}.");
                return ExitCode.Ok;
            }

            if (isRemoval)
            {
                File.Delete(file);
            }
            else
            {
                await File.WriteAllTextAsync(file, authority.Pem, call.Cancellation);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot change {file}: {exception.Message}", "Import it yourself: wisp trust --print > wisp.pem");
        }

        if ((await new ToolRunner().RunAsync(new ToolCommand(store.Program, [.. isRemoval ? store.Removes : store.Adds]), null, call.Cancellation)).Failed(out var error, out var ran))
        {
            return error;
        }

        if (!ran.Ok)
        {
            return new WispError(ErrorCode.OperationFailed, $"{store.Program} failed: {ran.LastLine}", $"Run it yourself; the certificate is {file}.");
        }

        call.Shell.Error.WriteLine(isRemoval ? $"This machine no longer trusts {authority.Subject}." : $"This machine trusts {authority.Subject} ({file}).");
        if (!isRemoval)
        {
            call.Shell.Error.WriteLine($"Firefox and Chromium keep a store of their own: certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n wisp -i {file}");
        }

        return ExitCode.Ok;
    }
}
