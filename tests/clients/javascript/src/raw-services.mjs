import { check, failed, holds, items, one } from "./report.mjs";

const key = "service_groups";

export async function rawServices({ raw: { services, autoscale }, ports, absent }) {
    const service = { port: ports[0], destination_port: 8080, ip: "127.0.0.1", handlers: ["http"] };
    let group;
    await check("a service group is made and found", async () => {
        group = one(await services.createServiceGroup({ body: { name: "js-edge", services: [service], domains: [{ name: "js" }], soft_limit: 5, hard_limit: 50 } }), key);
        holds(group.domains[0].fqdn.startsWith("js.") && group.persistent && group.soft_limit === 5, "another group", group);
        holds(one(await services.getServiceGroups({ name: ["js-edge"], details: true }), key).uuid === group.uuid, "not found");
        holds(one(await services.getServiceGroupByUuid(group.uuid), key).services[0].destination_port === 8080, "not found");
        failed(await services.getServiceGroupByUuid(absent), key, 8);
    });
    await check("a service group is changed", async () => {
        const changed = items(await services.updateServiceGroups({
            body: [
                { name: "js-edge", id: "1", prop: "services", op: "add", value: [{ ...service, port: ports[1] }] },
                { name: "js-edge", id: "2", prop: "hard_limit", op: "set", value: 60 },
            ],
        }), key);
        holds(changed[0].id === "1" && changed[1].id === "2", "no ids", changed);
        items(await services.updateServiceGroupByUuid(group.uuid, { body: { prop: "services", op: "del", value: [ports[1]] } }), key);
        const now = one(await services.getServiceGroupByUuid(group.uuid), key);
        holds(now.services.length === 1 && now.hard_limit === 60, "not changed", now);
    });
    await check("autoscale of a service group is configured, shown and ended", async () => {
        const configuration = { min_size: 0, max_size: 2, warmup_time_ms: 500, cooldown_time_ms: 500, create_args: {} };
        const policy = { name: "p", type: { name: "p", metric: "cpu", adjustment_type: "change", steps: [{ lower_bound: 600, adjustment: 1 }] } };
        for (const answer of [await autoscale.getAutoscaleConfigurations({ uuid: [group.uuid] }), await autoscale.getAutoscaleConfigurationsByServiceGroupUuid(group.uuid)]) {
            const item = one(answer, key);
            holds(item.status === "unconfigured" && item.enabled === false, "configured", item);
        }

        failed(await autoscale.deleteAutoscaleConfigurations({ body: [{ uuid: group.uuid }] }), key, 27);
        failed(await autoscale.createAutoscaleConfigurations({ body: [{ uuid: group.uuid, ...configuration, max_size: 17 }] }), key, 29);
        items(await autoscale.createAutoscaleConfigurations({ body: [{ uuid: group.uuid, ...configuration }] }), key);
        failed(await autoscale.createAutoscaleConfigurationByServiceGroupUuid(group.uuid, { body: { uuid: group.uuid, ...configuration } }), key, 26);
        items(await autoscale.createAutoscaleConfigurationPolicy(group.uuid, { body: policy }), "policies");
        const shown = one(await autoscale.getAutoscaleConfigurationsByServiceGroupUuid(group.uuid), key);
        holds(shown.enabled && shown.max_size === 2 && shown.policies[0].steps[0].lower_bound === 600, "another configuration", shown);
        holds(one(await autoscale.getAutoscaleConfigurationPolicies(group.uuid), "policies").policy.name === "p", "no policy");
        holds(one(await autoscale.getAutoscaleConfigurationPolicyByName(group.uuid, "p"), "policies").policy.metric === "cpu", "no policy");
        items(await autoscale.deleteAutoscaleConfigurationPolicies(group.uuid, { body: { name: "p" } }), "policies");
        failed(await autoscale.deleteAutoscaleConfigurationPolicyByName(group.uuid, "p"), "policies", 8);
        items(await autoscale.deleteAutoscaleConfigurations({ body: [{ uuid: group.uuid }] }), key);
        items(await autoscale.createAutoscaleConfigurationByServiceGroupUuid(group.uuid, { body: { uuid: group.uuid, ...configuration } }), key);
        items(await autoscale.deleteAutoscaleConfigurationsByServiceGroupUuid(group.uuid), key);
        failed(await autoscale.getAutoscaleConfigurationPolicies(group.uuid), "policies", 27);
    });
    await check("a service group is deleted", async () => {
        items(await services.deleteServiceGroupByUuid(group.uuid), key);
        failed(await services.deleteServiceGroups({ body: [{ uuid: group.uuid }] }), key, 8);
        const other = one(await services.createServiceGroup({ body: { services: [service] } }), key);
        items(await services.deleteServiceGroups({ body: [{ name: other.name }] }), key);
    });
}
