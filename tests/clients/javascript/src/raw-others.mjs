import { check, failed, holds, items, one } from "./report.mjs";

/** Health, users, images; and what there is nothing of yet. */
export async function rawOthers({ raw, image, absent }) {
    await check("the node is healthy", async () => {
        const answer = await raw.node.healthz();
        holds(answer.status === "success" && answer.data.checks.images === "healthy" && answer.data.license.valid, "not healthy", answer);
    });
    await check("quotas say what there is", async () => {
        const quotas = one(await raw.users.getUser(), "quotas");
        holds(quotas.hard.instances > 0 && quotas.limits.max_memory_mb >= 128 && quotas.used.instances >= 0, "no figures", quotas);
        holds(one(await raw.users.getUserByUuid(quotas.uuid), "quotas").uuid === quotas.uuid, "another user", quotas);
        failed(await raw.users.getUserByUuid(absent), "quotas", 8);
    });
    await check("images are found by tag and digest, and pinned", async () => {
        const found = one(await raw.images.getImages({ tag: [`${image}:latest`] }), "images");
        const digest = found.url.split("@")[1];
        holds(one(await raw.images.getImages({ digest: [digest] }), "images").url === found.url, "another image", found);
        holds(items(await raw.images.getImageStore(), "images").some((stored) => stored.url === found.url), "not in the store", found);
        const [pinned] = items(await raw.images.pinImages({ body: [{ url: image, timeout_s: -1 }] }), "images");
        holds(pinned.url === found.url && pinned.persistent, "not pinned", pinned);
        // The image itself is needed by everything else.
        failed(await raw.images.unpinImages({ body: [{ uuid: absent }] }), "images", 8);
    });
    await volumes(raw.volumes, absent);
}

async function volumes(api, absent) {
    const change = { prop: "tags", op: "set", value: ["a"] };
    await check("there are no volumes yet", async () => {
        holds(items(await api.getVolumes({ count: 10 }), "volumes").length === 0, "some");
        failed(await api.getVolumeByUuid(absent), "volumes", 8);
        failed(await api.createVolume({ body: { name: "data", size_mb: 10 } }), "volumes", 1);
        failed(await api.updateVolumes({ body: [{ name: "data", ...change }] }), "volumes", 1);
        failed(await api.updateVolumeByUuid(absent, { body: change }), "volumes", 1);
        failed(await api.attachVolumes({ body: [{ name: "data", attach_to: { name: "a" }, at: "/data" }] }), "volumes", 1);
        failed(await api.attachVolumeByUuid(absent, { body: { attach_to: { name: "a" }, at: "/data" } }), "volumes", 1);
        failed(await api.detachVolumes({ body: [{ name: "data" }] }), "volumes", 1);
        failed(await api.detachVolumeByUuid(absent, { body: {} }), "volumes", 1);
        failed(await api.cloneVolumes({ body: [{ name: "data", vol_name: "copy" }] }), "volumes", 1);
        failed(await api.cloneVolumeByUuid(absent, { body: { vol_name: "copy" } }), "volumes", 1);
        failed(await api.deleteVolumes({ body: [{ name: "data" }] }), "volumes", 1);
        failed(await api.deleteVolumeByUuid(absent), "volumes", 1);
    });
    await check("there are no templates of volumes yet", async () => {
        holds(items(await api.getTemplateVolumes(), "volumes").length === 0, "some");
        failed(await api.getTemplateVolumeByUuid(absent), "volumes", 8);
        failed(await api.createTemplateVolume({ body: [{ name: "data" }] }), "volumes", 1);
        failed(await api.updateTemplateVolumes({ body: [{ name: "data", ...change }] }), "volumes", 1);
        failed(await api.updateTemplateVolumeByUuid(absent, { body: change }), "volumes", 1);
        failed(await api.deleteTemplateVolumes({ body: [{ name: "data" }] }), "volumes", 1);
        failed(await api.deleteTemplateVolumeByUuid(absent), "volumes", 1);
    });
}
