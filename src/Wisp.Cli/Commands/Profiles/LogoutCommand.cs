using Wisp.Cli.CommandLine;
using Wisp.Cli.Configuration;

namespace Wisp.Cli.Commands.Profiles;

/// <summary><c>wisp logout</c>: forgets the token of a profile.</summary>
internal static class LogoutCommand
{
    public static Verb Create(Shell shell) => new Verb("logout", "Forget the token of the profile; the node of this machine is used from then on.", "wisp logout", "wisp logout --profile work").Runs(shell, call =>
    {
        if (ConfigFile.Load(call.Where.Config, shell.Variable).Failed(out var error, out var config))
        {
            return Task.FromResult<Result<int>>(error);
        }

        var name = call.Where.Profile ?? shell.Variable(ConfigFile.ProfileVariable) ?? config.Current;
        if (name is null or Profile.OfNode)
        {
            return Task.FromResult<Result<int>>(new WispError(ErrorCode.NotFound, "Nobody is logged in.", "See 'wisp profile list'."));
        }

        if (config.Find(name).Failed(out error, out var profile))
        {
            return Task.FromResult<Result<int>>(error);
        }

        profile.Settings.Remove("token");
        if (config.Current == name)
        {
            config.Use(Profile.OfNode);
        }

        if (config.Save().Failed(out error))
        {
            return Task.FromResult<Result<int>>(error);
        }

        shell.Error.WriteLine($"Logged out: profile '{name}' has no token any more.");
        return Task.FromResult<Result<int>>(ExitCode.Ok);
    });
}
