import { all, check, holds, refuses } from "./report.mjs";

export async function idiomatic(world) {
    await metros(world);
    await instances(world);
    await services(world);
    await volumes(world);
    await check("a user has quotas", async () => {
        const [quotas] = await world.client.users.quotas();
        holds(quotas.hard.instances > 0, "no quotas", quotas);
        holds((await world.client.users.quotasByUuid(quotas.uuid))[0].uuid === quotas.uuid, "another user");
        await refuses(() => world.client.users.quotasByUuid(world.absent), "No user", 404);
    });
}

async function metros({ sdk, endpoint, token, client }) {
    await check("a client that knows no metro finds this one", async () => {
        const found = new sdk.UnikraftCloud({ token, controlPlaneUrl: `${endpoint}/controlplane` });
        const [metro] = await found.availableMetros();
        holds(metro.baseUrl === endpoint, "another metro", metro);
        await all(found.instances.list());
        await all(found.metro(metro.metro).instances.list());
        await all(client.metros("all").instances.list());
    });
}

async function instances({ client, image, ports, absent: nobody }) {
    const api = client.instances;
    const spec = (name, port) => ({
        name, image, memory_mb: 128, autostart: true, timeout_s: 120,
        service_group: { services: [{ ip: "127.0.0.1", port, destination_port: 8080, handlers: ["http"] }] },
        scale_to_zero: { policy: "on", stateful: true, cooldown_time_ms: 3_600_000 },
    });
    const ref = { name: "js-i" };
    await check("a handle creates, and does one thing after the other", async () => {
        const handle = api.create(spec("js-i", ports[0]));
        const made = await handle;
        holds(made.state === "running" && made.metro, "not running", made);
        holds((await handle.resolve()).ref.uuid === made.uuid && (await handle.where()) === made.metro, "another place");
        holds((await handle.suspend()).state === "standby", "awake");
        holds((await handle.start({ timeoutSeconds: 60 })).state === "running", "asleep");
        const stopped = await handle.stop().wait({ state: "stopped", timeoutSeconds: 60 }).refresh();
        holds(stopped.state === "stopped", "not stopped", stopped);
        holds((await handle.finally(() => {})).uuid === made.uuid && (await handle.catch(() => {})).uuid === made.uuid, "another promise");
    });
    await check("an instance is looked at by name", async () => {
        holds((await api.get(ref)).name === "js-i", "not found");
        holds((await api.fetch((await api.get(ref).resolve()))).name === "js-i", "not found");
        holds((await all(api.list({ details: true, pageSize: 1 }))).some((item) => item.name === "js-i"), "not listed");
        await refuses(() => api.get({ uuid: nobody }), "No instance with uuid", 404);
    });
    await check("an instance is changed through handle and resource", async () => {
        await api.get(ref).update({ memory_mb: 160, tags: ["a"] });
        await api.update(ref, { hostname: "other" });
        await api.get(ref).edit().add({ env: { A: "1" } }).apply();
        await api.edit(ref).set({ env: { B: "2" } }).add({ env: { C: "3" } }).del({ tags: ["a"] }).apply();
        const now = await api.get(ref);
        holds(now.memory_mb === 160 && now.hostname === "other" && now.env.A === undefined && now.env.C === "3" && now.tags === undefined, "not changed", now);
        await api.update(ref, { env: null, hostname: null });
        holds((await api.get(ref)).env === undefined, "not cleared");
    });
    await check("one is started, asked and suspended by reference", async () => {
        await api.start([ref]);
        holds((await api.wait(ref, { state: "running", timeoutSeconds: 120 })).state === "running", "not running");
        const log = await api.logs(ref, { offset: -50, limit: 20 });
        holds(atob(log.output).length === log.range.end - log.range.start, "not the range", log);
        holds((await api.metrics(ref)).rss_bytes > 0 && (await api.get(ref).metrics()).rss_bytes > 0, "no figures");
        holds((await api.history(ref)).length === 1 && (await api.get(ref).history()).length === 1 && (await api.get(ref).logs()).output !== undefined, "no history");
        holds((await api.suspend([ref]))[0].state === "standby", "awake");
    });
    await check("a set does to each what a handle does to one", async () => {
        const set = () => api.each(ref);
        holds((await set().size()) === 1 && (await set().handles()).length === 1 && (await set().where()).length === 1, "not one");
        holds((await set())[0].name === "js-i" && (await set().all())[0].name === "js-i" && (await set().catch(() => {})).length === 1, "not found");
        holds((await set().start())[0].state === "running", "asleep");
        holds((await set().wait({ state: "running", timeoutSeconds: 60 }))[0].state === "running", "asleep");
        holds((await set().refresh())[0].name === "js-i" && (await set().logs()).length === 1 && (await set().metrics()).length === 1 && (await set().history()).length === 1, "not one");
        await set().update({ tags: ["b"] });
        await set().edit().add({ tags: ["c"] }).apply();
        holds((await set().map(async (handle) => (await handle).tags))[0].join() === "b,c", "not changed");
        holds((await set().suspend())[0].state === "standby", "awake");
        await set().stop();
        await api.wait(ref, { state: "stopped", timeoutSeconds: 60 });
        await set().delete();
        await refuses(() => api.get(ref), "No instance with name", 404);
    });
    await check("several are stopped and deleted at once", async () => {
        await api.create({ name: "js-j", image });
        await api.create({ name: "js-k", image });
        const refs = [{ name: "js-j" }, { name: "js-k" }];
        holds((await api.stop(refs)).length === 2 && (await api.delete(refs)).length === 2, "not both");
        await api.create({ name: "js-l", image });
        await api.get({ name: "js-l" }).delete();
    });
}

async function services({ client, ports }) {
    const api = client.services;
    const ref = { name: "js-s" };
    const service = { port: ports[0], ip: "127.0.0.1" };
    await check("service groups are made, found, changed and deleted", async () => {
        const made = await api.create({ ...ref, services: [service] });
        holds(made.name === "js-s" && (await api.get(ref)).uuid === made.uuid, "not made", made);
        holds((await api.fetch(await api.get(ref).resolve())).uuid === made.uuid && (await api.get(ref).refresh()).uuid === made.uuid, "not found");
        holds((await all(api.list({ pageSize: 1 }))).some((group) => group.uuid === made.uuid), "not listed");
        await api.update(ref, { hard_limit: 20 });
        await api.get(ref).update({ soft_limit: 2 });
        await api.edit(ref).set({ domains: [{ name: "js-s" }] }).apply();
        await api.get(ref).edit().add({ services: [{ ...service, port: ports[1] }] }).apply();
        await api.each(ref).update({ hard_limit: 30 });
        await api.each(ref).edit().del({ services: [ports[1]] }).apply();
        const [now] = await api.each(ref).refresh();
        holds(now.hard_limit === 30 && now.soft_limit === 2 && now.services.length === 1 && now.domains[0].fqdn.startsWith("js-s."), "not changed", now);
        await api.get(ref).delete();
        await api.create({ ...ref, services: [service] });
        await api.each(ref).delete();
        await api.create({ ...ref, services: [service] });
        await api.delete([ref]);
        await refuses(() => api.get(ref), "No service group with name", 404);
    });
}

// There are none yet: one is not found, and what would make or change one says that it is not supported.
async function volumes({ client, absent: nobody }) {
    const api = client.volumes;
    const ref = { name: "nobody" };
    const change = { tags: ["a"] };
    const where = { attach_to: { name: "a" }, at: "/data" };
    await check("there are no volumes yet, and that is said", async () => {
        holds((await all(api.list())).length === 0, "some");
        await refuses(() => api.get({ uuid: nobody }), "No ", 404);
        await refuses(() => api.get(ref).refresh(), "No ", 404);
        await refuses(async () => api.fetch(await api.get(ref).resolve()), "No ", 404);
        await refuses(() => api.create({ name: "data", size_mb: 10 }), "not supported");
        await refuses(() => api.update(ref, change), "not supported");
        await refuses(() => api.get(ref).update(change), "not supported");
        await refuses(() => api.delete([ref]), "not supported");
        await refuses(() => api.get(ref).delete(), "not supported");
        await refuses(() => api.each(ref).refresh(), "failed");
        await refuses(() => api.each(ref).update(change), "failed");
        await refuses(() => api.each(ref).delete(), "failed");
        await refuses(() => api.attach(ref, where), "not supported");
        await refuses(() => api.get(ref).attach(where), "not supported");
        await refuses(() => api.detach(ref), "not supported");
        await refuses(() => api.get(ref).detach(), "not supported");
        await refuses(() => api.edit(ref).set(change).apply(), "not supported");
        await refuses(() => api.get(ref).edit().set(change).apply(), "not supported");
        await refuses(() => api.each(ref).attach(where), "failed");
        await refuses(() => api.each(ref).detach(), "failed");
        await refuses(() => api.each(ref).edit().set(change).apply(), "failed");
    });
}
