import { all, check, holds, one, refuses } from "./report.mjs";

/** Sandboxes are plugins, of which there are none yet: they cannot be made, and what an instance does not have is not found. */
export async function sandboxes({ client, raw, image, endpoint, token, sdk, absent }) {
    await check("a sandbox cannot be made yet", async () => {
        await refuses(() => client.metro("local").sandboxes.create({ image }), "'plugins' is not supported");
        holds((await all(client.metro("local").sandboxes.list())).length === 0, "some");
    });
    const made = one(await raw.instances.createInstance({ body: { name: "js-p", image } }), "instances");
    await check("an instance has no plugin to talk to", async () => {
        const has = "has no plugin 'sandbox'";
        const box = await client.metro("local").sandboxes.get({ uuid: made.uuid }, { pluginName: "sandbox" });
        await refuses(() => box.commands(), has, 404);
        await refuses(() => box.exec("true"), has, 404);
        await refuses(() => box.start("true"), has, 404);
        await refuses(() => box.readFile("/etc/hosts"), has, 404);
        await refuses(() => box.writeFile("/tmp/a", "a"), has, 404);
        await refuses(() => box.mkdir("/tmp/a"), has, 404);
        await refuses(() => box.upload("/tmp", "a", "a"), has, 404);
        await refuses(() => box.ready({ timeoutMs: 200 }), "not ready within");
        const command = box.command(absent);
        await refuses(() => command.inspect(), has, 404);
        await refuses(() => command.wait(), has, 404);
        await refuses(() => command.logs(), has, 404);
        await refuses(() => command.logsRaw("stdout"), has, 404);
        await refuses(() => command.stdin("a"), has, 404);
        await refuses(() => command.signal("TERM"), has, 404);
        await refuses(() => command.deleteLogs(), has, 404);
        await refuses(() => command.delete(), has, 404);
        await box.delete();
        await refuses(() => client.instances.get({ uuid: made.uuid }), "No instance with uuid", 404);
    });
    await check("a client without a token is turned away", async () => {
        await refuses(() => new sdk.UnikraftCloud({ metro: endpoint, token: `${token}x` }).users.quotas(), "The token is not valid.", 401);
    });
}
