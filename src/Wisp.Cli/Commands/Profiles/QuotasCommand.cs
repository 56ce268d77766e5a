using Wisp.Cli.CommandLine;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Profiles;

/// <summary><c>wisp quotas</c>: what there is, and how much of it there may be.</summary>
internal static class QuotasCommand
{
    public static Verb Create(Shell shell)
    {
        var view = new ViewOptions(Account.Quota.Fields);
        var quotas = new Verb("quotas", "Show what is used, and what may be, in each metro.", "wisp quotas", "wisp quotas -f used -f hard", "wisp quotas -o json");
        view.AddTo(quotas);
        return quotas.Alias("quota").Runs(shell, call => view.ShowAsync(call, _ => call.AskAsync(HttpMethod.Get, Account.Quota.Path)));
    }
}
