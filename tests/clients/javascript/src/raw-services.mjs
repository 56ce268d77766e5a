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
    await check("a service group has no autoscale yet", async () => {
        const configuration = { min_size: 1, max_size: 2, create_args: { template: { name: "t" } } };
        const policy = { name: "p", type: { name: "p", metric: "cpu", adjustment_type: "change", steps: [{ adjustment: 1 }] } };
        for (const answer of [await autoscale.getAutoscaleConfigurations({ uuid: [group.uuid] }), await autoscale.getAutoscaleConfigurationsByServiceGroupUuid(group.uuid)]) {
            const item = one(answer, key);
            holds(item.status === "unconfigured" && item.enabled === false, "configured", item);
        }

        failed(await autoscale.createAutoscaleConfigurations({ body: [{ uuid: group.uuid, ...configuration }] }), key, 1);
        failed(await autoscale.createAutoscaleConfigurationByServiceGroupUuid(group.uuid, { body: { uuid: group.uuid, ...configuration } }), key, 1);
        failed(await autoscale.createAutoscaleConfigurationPolicy(group.uuid, { body: policy }), "policies", 1);
        failed(await autoscale.getAutoscaleConfigurationPolicies(group.uuid), "policies", 27);
        failed(await autoscale.getAutoscaleConfigurationPolicyByName(group.uuid, "p"), "policies", 27);
        failed(await autoscale.deleteAutoscaleConfigurationPolicies(group.uuid, { body: { name: "p" } }), "policies", 27);
        failed(await autoscale.deleteAutoscaleConfigurationPolicyByName(group.uuid, "p"), "policies", 27);
        failed(await autoscale.deleteAutoscaleConfigurations({ body: [{ uuid: group.uuid }] }), key, 27);
        failed(await autoscale.deleteAutoscaleConfigurationsByServiceGroupUuid(group.uuid), key, 27);
    });
    await check("a service group is deleted", async () => {
        items(await services.deleteServiceGroupByUuid(group.uuid), key);
        failed(await services.deleteServiceGroups({ body: [{ uuid: group.uuid }] }), key, 8);
        const other = one(await services.createServiceGroup({ body: { services: [service] } }), key);
        items(await services.deleteServiceGroups({ body: [{ name: other.name }] }), key);
    });
}
