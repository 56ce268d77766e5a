using System.Collections.Concurrent;
using Wisp.Images;
using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Frozen;

/// <summary>Finds templates by what they are made of, and makes those that are not there, each once however many ask.</summary>
internal sealed class OnDemandTemplates(
    Catalogue catalogue, IInstanceBuilder builder, TemplateMaker templates, IImageStore images, PlatformOptions options, TimeProvider time)
{
    // Without a port to be open, an application counts as prepared when it has run for this long.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(Guid Account, string Hash), Lazy<Task<Result<FrozenRecord>>>> _making = new();

    /// <summary>Finds one, or makes it.</summary>
    /// <param name="account">Whose it is: nobody uses another's, whatever it is made of.</param>
    /// <param name="wanted">What it is made of.</param>
    /// <param name="ports">The ports that its clones will publish: it is prepared once they are open.</param>
    /// <param name="cancellation">Stops the waiting, not the making.</param>
    public async Task<Result<FrozenRecord>> FindAsync(Guid account, OnDemandTemplate wanted, IReadOnlyList<int> ports, CancellationToken cancellation)
    {
        if ((await ResolveAsync(account, wanted, cancellation)).Failed(out var error, out var resolved))
        {
            return error;
        }

        var hash = TemplateHash.Of(wanted, resolved.Begin);
        if (Find(account, hash) is { } found)
        {
            return found;
        }

        var making = _making.GetOrAdd((account, hash), _ => new Lazy<Task<Result<FrozenRecord>>>(() => MakeAsync(account, hash, wanted with { Arguments = resolved.Arguments }, ports)));
        return await making.Value.WaitAsync(cancellation);
    }

    private FrozenRecord? Find(Guid account, string hash) => new AccountView(catalogue, account).Frozen.FirstOrDefault(frozen => frozen.Hash == hash);

    // What it begins from may be a template on demand itself, and is made first.
    private async Task<Result<(string Begin, CreateInstance Arguments)>> ResolveAsync(Guid account, OnDemandTemplate wanted, CancellationToken cancellation)
    {
        var arguments = wanted.Arguments;
        WispError? error;
        if (arguments.OnDemand is { } nested)
        {
            return (await FindAsync(account, nested, [], cancellation)).Failed(out error, out var made)
                ? error
                : ($"template {made.Uuid}", arguments with { OnDemand = null, Template = ResourceRef.To(made.Uuid) });
        }

        if (arguments.Template is { } reference)
        {
            return new AccountView(catalogue, account).FindFrozen(FrozenKind.Template, reference).Failed(out error, out var template)
                ? error
                : ($"template {template.Uuid}", arguments with { Template = ResourceRef.To(template.Uuid) });
        }

        return (await images.FindAsync(arguments.Image!, cancellation)).Failed(out error, out var image)
            ? error
            : ($"image {image.Name}@{image.Digest}", arguments with { Image = $"{image.Name}@{image.Digest}" });
    }

    private async Task<Result<FrozenRecord>> MakeAsync(Guid account, string hash, OnDemandTemplate wanted, IReadOnlyList<int> ports)
    {
        await Task.Yield();
        try
        {
            // Another may have made it between the look and the turn here.
            return Find(account, hash) is { } found ? found : await BuildAsync(account, hash, wanted, ports);
        }
        finally
        {
            _making.TryRemove((account, hash), out _);
        }
    }

    private async Task<Result<FrozenRecord>> BuildAsync(Guid account, string hash, OnDemandTemplate wanted, IReadOnlyList<int> ports)
    {
        var request = wanted.Arguments with { Name = TemplateHash.NameOf(hash), ServiceGroup = null };
        if ((await builder.BuildAsync(account, request, new Preparation(hash, wanted.Autokill, ports), CancellationToken.None)).Failed(out var error, out var instance))
        {
            return error;
        }

        if (wanted.Prepare && (await PrepareAsync(instance, wanted.PrepareTimeout ?? options.LongestWait, ports.Count > 0)).Failed(out error)
            || (await templates.MakeAsync(instance, null, wanted.Autokill)).Failed(out error, out var made))
        {
            await instance.RemoveAsync(DeleteOptions.Usual, CancellationToken.None);
            return error with { Message = $"The template could not be prepared: {error.Message}" };
        }

        return made;
    }

    private async Task<Result> PrepareAsync(InstanceSupervisor instance, TimeSpan patience, bool hasPorts)
    {
        var from = time.GetTimestamp();
        if ((await instance.StartAsync(TimeSpan.Zero, CancellationToken.None)).Failed(out var error, out _))
        {
            return error;
        }

        var state = await instance.WaitForAsync(now => now != InstanceState.Starting, patience, CancellationToken.None);
        if (state == InstanceState.Running && !hasPorts)
        {
            var left = patience - time.GetElapsedTime(from);
            state = await instance.WaitForAsync(now => now != InstanceState.Running, left < Settling ? left : Settling, CancellationToken.None) ?? InstanceState.Running;
        }

        return state switch
        {
            InstanceState.Running or InstanceState.Standby or InstanceState.Template => Result.Success,
            null => instance.NotInTime(InstanceState.Running),
            _ => instance.EndedTooSoon(),
        };
    }
}
