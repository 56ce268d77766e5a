import { check, failed, holds, items, refuses } from "./report.mjs";

export async function rawControlPlane({ client, endpoint, absent }) {
    const { auth, images, metros, nodeActivation, nodes } = apis(client.api.controlplane);
    await check("the one metro is the server", async () => {
        const [metro] = items(await metros.listMetros(), "metros");
        holds(metro.endpoint === endpoint && metro.iata_code, "another metro", metro);
    });
    await check("a token has an organisation", async () => {
        const answer = await auth.getAuthorization();
        holds(answer.status === "success" && answer.data.organization_name && answer.data.organization_uuid, "no organisation", answer);
    });
    await check("there is no sign-in", async () => {
        await refuses(() => auth.requestSignin({ body: { hostname: "here" } }), "not supported", 400);
        await refuses(async () => {
            for await (const event of auth.checkAuthorization({ body: { request_id: absent } })) {
                holds(false, "an event", event);
            }
        }, "not supported", 400);
    });
    await check("images have tags", async () => {
        const image = items(await images.listImages({ details: true }), "images").find((found) => found.name === "hello");
        holds(image?.tags?.[0]?.digest.startsWith("sha256:"), "no tag", image);
    });
    await check("nodes are not supported", async () => {
        failed(await nodes.listNodes(), "nodes", 1);
        failed(await nodes.getNodeByUuid(absent), "nodes", 1);
        failed(await nodes.provisionNode({ body: { ssh_keys: [{ name: "a", public_key: "b" }] } }), "nodes", 1);
        failed(await nodes.updateNodeByUuid(absent, { body: [{ property: "tags", operation: "set", value: "a" }] }), "nodes", 1);
        failed(await nodes.updateNodes({ property: ["tags"], operation: ["set"], value: ["a"], body: [{ uuid: absent }] }), "nodes", 1);
        failed(await nodes.waitNodeByUuid(absent), "nodes", 1);
        failed(await nodes.waitNodes({ uuid: [absent] }), "nodes", 1);
        failed(await nodes.destroyNodeByUuid(absent), "nodes", 1);
        failed(await nodes.destroyNode({ body: [{ uuid: absent }] }), "nodes", 1);
        failed(await nodes.listMachineTypes("manual"), "machine_types", 1);
        failed(await nodes.listRegions("manual"), "regions", 1);
        await refuses(() => nodeActivation.nodeActivate({ body: { csr: "c" } }), "not supported", 400);
        await refuses(() => nodeActivation.nodeDeactivate({ body: { serial: "s" } }), "not supported", 400);
    });
}

// By what they can do: their names on the client are its own affair.
function apis(controlPlane) {
    const having = (method) => Object.values(controlPlane).find((api) => typeof api?.[method] === "function");
    return {
        auth: having("getAuthorization"), images: having("listImages"), metros: having("listMetros"), nodeActivation: having("nodeActivate"), nodes: having("listNodes"),
    };
}
