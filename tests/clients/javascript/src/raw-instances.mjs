import { check, failed, holds, items, one, refuses } from "./report.mjs";

const key = "instances";

export async function rawInstances({ raw: { instances }, image, ports, absent }) {
    let uuid;
    const state = async () => one(await instances.getInstanceByUuid(uuid), key).state;
    await check("an instance is created and runs", async () => {
        const made = one(await instances.createInstance({
            body: {
                name: "js-a", image, memory_mb: 128, autostart: true, timeout_s: 120, tags: ["js"], annotations: { "example.org/by": "js" },
                service_group: { services: [{ ip: "127.0.0.1", port: ports[0], destination_port: 8080, handlers: ["http"] }] },
                scale_to_zero: { policy: "on", stateful: true, cooldown_time_ms: 3_600_000 },
            },
        }), key);
        uuid = made.uuid;
        holds(made.state === "running" && made.annotations["example.org/by"] === "js", "not running", made);
        const answer = await fetch(`http://127.0.0.1:${ports[0]}/`);
        holds(answer.ok, "no answer", answer.status);
    });
    await check("instances are listed and found", async () => {
        holds(one(await instances.getInstances({ tags: ["js"], details: true, count: 10, order: "desc", sortby: "create_time" }), key).uuid === uuid, "not found");
        holds(one(await instances.getInstances({ name: ["js-a"] }), key).uuid === uuid, "not found");
        const both = await instances.getInstances({ uuid: [uuid, absent] });
        holds(both.status === "partial_success" && both.data.instances[1].error === 8, "no partial success", both);
        failed(await instances.getInstanceByUuid(absent), key, 8);
        await refuses(async () => failed(await instances.getInstanceByUuid("js-a"), key, 8), "not the error 8");
    });
    await check("waits, logs, metrics and histories are read", async () => {
        holds(one(await instances.waitInstances({ uuid: [uuid], state: ["running"], timeout_s: [5] }), key).state === "running", "not running");
        one(await instances.waitInstanceByUuid(uuid), key);
        failed(await instances.waitInstances({ uuid: [uuid], state: ["stopped"], timeout_s: [0] }), key, 12);
        for (const log of [one(await instances.getInstanceLogs({ uuid: [uuid], offset: [-100], limit: [50] }), key), one(await instances.getInstanceLogsByUuid(uuid), key)]) {
            holds(atob(log.output).length === log.range.end - log.range.start && log.available.end >= log.range.end, "not the range", log);
        }

        for (const metrics of [one(await instances.getInstanceMetrics({ uuid: [uuid] }), key), one(await instances.getInstanceMetricsByUuid(uuid), key)]) {
            holds(metrics.rss_bytes > 1 << 20 && metrics.cpu_time_ms > 0 && metrics.tx_bytes > 0 && metrics.ntotal > 0, "no figures", metrics);
        }

        holds(one(await instances.getInstanceHistory({ uuid: [uuid] }), key).history.length === 0, "a history");
        one(await instances.getInstanceHistoryByUuid(uuid), key);
    });
    await check("properties are changed, now or at the next stop", async () => {
        const changed = items(await instances.updateInstances({
            body: [
                { uuid, id: "1", prop: "tags", op: "add", value: ["more"] },
                { uuid, id: "2", prop: "env", op: "set", value: { JS: "1" } },
                { uuid, id: "3", prop: "annotations", op: "del", value: ["example.org/by"] },
            ],
        }), key);
        holds(changed.map((item) => item.id).join("") === "123", "no ids", changed);
        one(await instances.updateInstanceByUuid(uuid, { body: { prop: "delete_lock", op: "set", value: true } }), key);
        const now = one(await instances.getInstanceByUuid(uuid), key);
        holds(now.tags.includes("more") && now.delete_lock && now.annotations === undefined, "not changed", now);
        holds(now.env?.JS === undefined && now.updates[0].prop === "env" && now.updates[0].value.JS === "1", "not waiting", now);
        failed(await instances.deleteInstanceByUuid(uuid, { body: {} }), key, 14);
        one(await instances.updateInstanceByUuid(uuid, { body: { prop: "delete_lock", op: "set", value: false } }), key);
    });
    await check("an instance sleeps and wakes", async () => {
        holds(one(await instances.suspendInstanceByUuid(uuid, { body: { drain_timeout_ms: 1000 } }), key).state === "standby", "awake");
        holds(await state() === "standby", "looking woke it");
        const answer = await fetch(`http://127.0.0.1:${ports[0]}/`);
        holds(answer.ok && await state() === "running", "no answer", answer.status);
        holds(one(await instances.suspendInstances({ body: [{ uuid }] }), key).previous_state === "running", "awake");
        holds(one(await instances.startInstances({ body: [{ uuid, timeout_s: 60 }] }), key).state === "running", "asleep");
    });
    await checkpoints(instances, uuid, image, absent);
    await templates(instances, image);
    await check("an instance stops and starts, and is changed by it", async () => {
        one(await instances.stopInstances({ body: [{ uuid, drain_timeout_ms: 0 }] }), key);
        one(await instances.waitInstances({ uuid: [uuid], state: ["stopped"], timeout_s: [60] }), key);
        const now = one(await instances.getInstanceByUuid(uuid), key);
        holds(now.env.JS === "1" && now.updates === undefined && now.stop_reason > 0, "not changed", now);
        holds(one(await instances.startInstanceByUuid(uuid, { body: { timeout_s: 120 } }), key).state === "running", "not running");
        one(await instances.stopInstanceByUuid(uuid, { body: { force: true } }), key);
        one(await instances.waitInstances({ uuid: [uuid], state: ["stopped"], timeout_s: [60] }), key);
    });
    await check("instances are deleted", async () => {
        one(await instances.deleteInstanceByUuid(uuid, { body: { timeout_s: -1 } }), key);
        failed(await instances.deleteInstances({ body: [{ uuid }] }), key, 8);
    });
}

async function checkpoints(instances, source, image, absent) {
    const found = [];
    await check("checkpoints are made of an instance that runs on", async () => {
        for (const name of ["js-one", "js-two"]) {
            const made = one(await instances.createCheckpointInstances({ body: [{ from: { uuid: source }, name, timeout_s: 120, tags: ["js"] }] }), key);
            holds(made.state === "checkpoint", "not done", made);
            found.push(made.uuid);
        }

        holds(items(await instances.getCheckpointInstances({ tags: ["js"] }), key).length === 2, "not found");
        holds(one(await instances.getCheckpointInstanceByUuid(found[0], { details: true }), key).name === "js-one", "not found");
        holds(one(await instances.getCheckpointHistory({ uuid: [found[1]] }), key).history[0].name === "js-one", "no history");
        holds(one(await instances.getCheckpointHistoryByUuid(found[1]), key).history.length === 1, "no history");
        failed(await instances.getCheckpointInstanceByUuid(absent), key, 8);
    });
    await check("an instance begins from a checkpoint", async () => {
        const made = one(await instances.createInstance({ body: { name: "js-b", checkpoint: { name: "js-one" } } }), key);
        holds(made.state === "stopped" && made.image.startsWith(image), "another instance", made);
        one(await instances.deleteInstances({ body: [{ name: "js-b" }] }), key);
    });
    await check("checkpoints are changed and deleted", async () => {
        one(await instances.updateCheckpointInstances({ body: [{ name: "js-one", prop: "tags", op: "set", value: ["other"] }] }), key);
        one(await instances.updateCheckpointInstanceByUuid(found[1], { body: { prop: "autokill", op: "set", value: { time_ms: 3_600_000 } } }), key);
        one(await instances.deleteCheckpointInstances({ body: [{ name: "js-one" }] }), key);
        one(await instances.deleteCheckpointInstanceByUuid(found[1]), key);
    });
}

async function templates(instances, image) {
    await check("templates are made, cloned, changed and deleted", async () => {
        const found = [];
        for (const name of ["js-t", "js-u"]) {
            one(await instances.createInstance({ body: { name, image } }), key);
            found.push(one(await instances.createTemplateInstances({ body: [{ name, timeout_s: 60 }] }), key).uuid);
        }

        holds(one(await instances.getTemplateInstances({ name: ["js-t"] }), key).state === "template", "no template");
        holds(one(await instances.getTemplateInstanceByUuid(found[0], { details: true }), key).name === "js-t", "no template");
        one(await instances.updateTemplateInstances({ body: [{ name: "js-t", prop: "tags", op: "set", value: ["js"] }] }), key);
        one(await instances.updateTemplateInstanceByUuid(found[0], { body: { prop: "delete_lock", op: "set", value: false } }), key);
        one(await instances.createInstance({ body: { name: "js-c", template: { name: "js-t" } } }), key);
        one(await instances.deleteInstances({ body: [{ name: "js-c" }] }), key);
        one(await instances.deleteTemplateInstances({ body: [{ name: "js-t" }] }), key);
        one(await instances.deleteTemplateInstanceByUuid(found[1]), key);
    });
}
