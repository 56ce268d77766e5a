using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Autoscale;

/// <inheritdoc cref="IAutoscaleService"/>
internal sealed class AutoscaleService(AccountView owned, Catalogue catalogue, ServiceGroupKeeper keeper, ScalingGroups groups) : IAutoscaleService
{
    /// <inheritdoc/>
    public IReadOnlyList<AutoscaleView> List() => [.. owned.Groups.OrderBy(group => group.CreatedAt).Select(View)];

    /// <inheritdoc/>
    public Result<AutoscaleView> Find(ResourceRef group) => owned.FindGroup(group).Failed(out var error, out var found) ? error : View(found);

    /// <inheritdoc/>
    public async Task<Result<AutoscaleView>> ConfigureAsync(ResourceRef group, ConfigureAutoscale request, bool change, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (owned.FindGroup(group).Failed(out var error, out var found))
        {
            return error;
        }

        if (found.Autoscale is not null && !change)
        {
            return new WispError(
                ErrorCode.AutoscaleConfigured, $"Autoscale is configured for service group '{found.Name}' already.", $"Change it with PUT, or 'wisp services autoscale set {found.Name}'.");
        }

        FrozenRecord? template = null;
        if (request.Template is { } reference && owned.FindFrozen(FrozenKind.Template, reference).Failed(out error, out template))
        {
            return error;
        }

        var before = found.Autoscale ?? new AutoscaleSettings();
        return await ReplaceAsync(found, before with
        {
            MinSize = request.MinSize ?? before.MinSize,
            MaxSize = request.MaxSize ?? before.MaxSize,
            Warmup = request.Warmup ?? before.Warmup,
            Cooldown = request.Cooldown ?? before.Cooldown,
            Template = template?.Uuid ?? before.Template,
            Policies = request.Policies ?? before.Policies,
            HighWatermark = request.HighWatermark ?? before.HighWatermark,
        });
    }

    /// <inheritdoc/>
    public async Task<Result<AutoscaleView>> RemoveAsync(ResourceRef group, CancellationToken cancellation)
    {
        AutoscaleView before;
        using (await catalogue.ChangeAsync(cancellation))
        {
            if (Configured(group).Failed(out var error, out var found)
                || (await keeper.ReplaceAsync(found.Group, found.Group with { Autoscale = null, ScaleHistory = default })).Failed(out error))
            {
                return error;
            }

            before = View(found.Group);
        }

        await ScalingActs.RetireAsync(catalogue.InstancesOf(before.Uuid), before.Settings!.Cooldown);
        groups.Look.Raise();
        return before;
    }

    /// <inheritdoc/>
    public async Task<Result<AutoscaleView>> AddPolicyAsync(ResourceRef group, ScalingPolicy policy, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        return Configured(group).Failed(out var error, out var found)
            ? error
            : await ReplaceAsync(found.Group, found.Settings with { Policies = [.. found.Settings.Policies, policy] });
    }

    /// <inheritdoc/>
    public Result<ScalingPolicy> FindPolicy(ResourceRef group, string name) =>
        Configured(group).Failed(out var error, out var found) || PolicyOf(found.Group, found.Settings, name).Failed(out error, out var policy) ? error : policy;

    /// <inheritdoc/>
    public async Task<Result<AutoscaleView>> RemovePolicyAsync(ResourceRef group, string name, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        return Configured(group).Failed(out var error, out var found) || PolicyOf(found.Group, found.Settings, name).Failed(out error, out var policy)
            ? error
            : await ReplaceAsync(found.Group, found.Settings with { Policies = [.. found.Settings.Policies.Where(other => other != policy)] });
    }

    // In turn.
    private async Task<Result<AutoscaleView>> ReplaceAsync(ServiceGroupRecord group, AutoscaleSettings settings)
    {
        var changed = group with { Autoscale = settings };
        if (AutoscaleRules.Check(settings) is { } broken)
        {
            return broken;
        }

        if ((await keeper.ReplaceAsync(group, changed)).Failed(out var error))
        {
            return error;
        }

        // What failed may succeed now.
        groups.Of(group.Uuid).NotBefore = default;
        groups.Look.Raise();
        return View(changed);
    }

    private Result<(ServiceGroupRecord Group, AutoscaleSettings Settings)> Configured(ResourceRef reference) =>
        owned.FindGroup(reference).Failed(out var error, out var group) ? error
        : group.Autoscale is { } settings ? (group, settings)
        : new WispError(ErrorCode.AutoscaleNotConfigured, $"Autoscale is not configured for service group '{group.Name}'.");

    private static Result<ScalingPolicy> PolicyOf(ServiceGroupRecord group, AutoscaleSettings settings, string name) =>
        settings.Policies.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.OrdinalIgnoreCase)) is { } policy
            ? policy
            : new WispError(ErrorCode.NotFound, $"No policy with name '{name}'", $"See them with 'wisp services autoscale get {group.Name}'.");

    private AutoscaleView View(ServiceGroupRecord group) => new(
        group.Uuid, group.Name, group.Autoscale,
        group.Autoscale?.Template is { } template ? (template, catalogue.Frozen.GetValueOrDefault(template)?.Name ?? "") : null);
}
