// Calls every method of the published client against the server at WISP_ENDPOINT. WISP_PORTS are ports of this host that are free.

import { readFileSync } from "node:fs";
import * as sdk from "@unikraft/cloud";
import * as controlplane from "@unikraft/cloud/api/controlplane";
import * as platform from "@unikraft/cloud/api/platform";
import { certificates } from "./certificates.mjs";
import { idiomatic } from "./idiomatic.mjs";
import { rawControlPlane } from "./raw-controlplane.mjs";
import { rawInstances } from "./raw-instances.mjs";
import { rawOthers } from "./raw-others.mjs";
import { rawServices } from "./raw-services.mjs";
import { finish, watch } from "./report.mjs";
import { sandboxes } from "./sandboxes.mjs";

// What is called in one's stead by the language itself ("then") is watched where it is written, and what only hands on is not.
const notWatched = new Set(["ApiClient", "Api", "PlatformApi", "ControlPlaneApi", "Session", "Resource", "UnikraftCloudError", "MetroFanoutError", "AmbiguousRefError"]);
for (const [name, type] of Object.entries({ ...sdk, ...platform })) {
    if (typeof type === "function" && type.prototype !== undefined && /^[A-Z]/.test(name) && !notWatched.has(name) && name !== "default") {
        watch(name, type);
    }
}

for (const [name, type] of Object.entries(controlplane)) {
    if (typeof type === "function" && name.endsWith("Api") && !notWatched.has(name)) {
        watch(`controlplane.${name}`, type);
    }
}

const world = {
    sdk,
    endpoint: process.env.WISP_ENDPOINT,
    token: readFileSync(process.env.WISP_TOKEN_FILE, "utf8").trim(),
    image: process.env.WISP_IMAGE ?? "hello",
    ports: process.env.WISP_PORTS.split(",").map(Number),
    absent: "7f0c1d3e-0000-4000-8000-000000000000",
};
world.client = new sdk.UnikraftCloud({ metro: world.endpoint, token: world.token, controlPlaneUrl: `${world.endpoint}/controlplane` });
world.raw = world.client.api.platform;

await rawControlPlane(world);
await rawOthers(world);
await rawServices(world);
await certificates(world);
await rawInstances(world);
await idiomatic(world);
await sandboxes(world);
finish();
