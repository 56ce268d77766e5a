import { execFileSync } from "node:child_process";
import { all, check, failed, holds, items, one, refuses } from "./report.mjs";

const key = "certificates";
const host = "js.example.com";

/** Certificates that are uploaded, by the calls themselves and by the client's own layer. */
export async function certificates(world) {
    await raw(world.raw.certificates, world.absent);
    await idiomatic(world.client.certificates, world.absent);
}

async function raw(api, absent) {
    const [first, second, third, other] = [make(host), make(host), make(host), make("other.example.com")];
    let made;
    await check("a certificate is stored and found", async () => {
        made = one(await api.createCertificate({ body: { name: "js-c", common_name: `${host}.`, ...first } }), key);
        holds(made.name === "js-c" && made.common_name === host && made.state === "valid" && made.serial_number, "another certificate", made);
        holds(Date.parse(made.not_after) > Date.now() && made.subject === made.issuer && made.service_groups.length === 0, "another certificate", made);
        holds(one(await api.getCertificates({ name: ["js-c"] }), key).uuid === made.uuid, "not found");
        holds(items(await api.getCertificates({ count: 10 }), key).some((item) => item.uuid === made.uuid), "not listed");
        const found = one(await api.getCertificateByUuid(made.uuid), key);
        holds(found.serial_number === made.serial_number && found.pkey === undefined, "another certificate", found);
        failed(await api.getCertificateByUuid(absent), key, 8);
        failed(await api.createCertificate({ body: { name: "js-c", common_name: host, ...second } }), key, 23);
    });
    await check("a certificate that cannot work is refused", async () => {
        failed(await api.createCertificate({ body: { common_name: host, ...other } }), key, 30);
        failed(await api.createCertificate({ body: { common_name: host, chain: first.chain, pkey: second.pkey } }), key, 7);
        failed(await api.updateCertificates({ body: [{ name: "js-c", ...other }] }), key, 30);
        failed(await api.updateCertificateByUuid(made.uuid, { body: { chain: second.chain, pkey: first.pkey } }), key, 7);
        holds(one(await api.getCertificateByUuid(made.uuid), key).serial_number === made.serial_number, "replaced");
    });
    await check("a certificate is replaced", async () => {
        const serials = new Set([made.serial_number]);
        for (const answer of [await api.updateCertificates({ body: [{ name: "js-c", ...second }] }), await api.updateCertificateByUuid(made.uuid, { body: third })]) {
            const item = one(answer, key);
            holds(item.uuid === made.uuid && !serials.has(item.serial_number), "the one from before", item);
            serials.add(item.serial_number);
        }

        holds(serials.has(one(await api.getCertificateByUuid(made.uuid), key).serial_number), "not kept");
        failed(await api.updateCertificateByUuid(absent, { body: third }), key, 8);
    });
    await check("a certificate is deleted", async () => {
        holds(one(await api.deleteCertificateByUuid(made.uuid), key).uuid === made.uuid, "another one");
        failed(await api.getCertificateByUuid(made.uuid), key, 8);
        failed(await api.deleteCertificateByUuid(made.uuid), key, 8);
        const named = one(await api.createCertificate({ body: { common_name: host, ...first } }), key);
        holds(named.name.startsWith(`${host}-`), "another name", named);
        items(await api.deleteCertificates({ body: [{ name: named.name }] }), key);
        failed(await api.deleteCertificates({ body: [{ name: named.name }] }), key, 8);
    });
}

async function idiomatic(api, absent) {
    const ref = { name: "js-c" };
    await check("certificates are stored, found, replaced and deleted", async () => {
        const spec = { ...ref, common_name: host };
        const made = await api.create({ ...spec, ...make(host) });
        holds(made.name === "js-c" && (await api.get(ref)).uuid === made.uuid, "not stored", made);
        holds((await api.fetch(await api.get(ref).resolve())).uuid === made.uuid && (await api.get(ref).refresh()).uuid === made.uuid, "not found");
        holds((await all(api.list({ details: true, pageSize: 1 }))).some((item) => item.serial_number === made.serial_number), "not listed");
        await refuses(() => api.update(ref, make("other.example.com")), `The certificate is not for '${host}'`);
        const serials = new Set([made.serial_number]);
        for (const replace of [(by) => api.update(ref, by), (by) => api.get(ref).update(by), (by) => api.each(ref).update(by)]) {
            await replace(make(host));
            const [now] = await api.each(ref).refresh();
            holds(now.uuid === made.uuid && !serials.has(now.serial_number), "not replaced", now);
            serials.add(now.serial_number);
        }

        await api.get(ref).delete();
        await api.create({ ...spec, ...make(host) });
        await api.each(ref).delete();
        await api.create({ ...spec, ...make(host) });
        await api.delete([ref]);
        await refuses(() => api.get(ref), "No certificate with name", 404);
        await refuses(() => api.get({ uuid: absent }), "No certificate with uuid", 404);
        await refuses(() => api.each(ref).delete(), "failed");
    });
}

// One that signs itself, as openssl makes it.
function make(name) {
    const pem = execFileSync("openssl", [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`, "-keyout", "-",
    ], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    const chain = pem.indexOf("-----BEGIN CERTIFICATE-----");
    return { chain: pem.slice(chain), pkey: pem.slice(0, chain) };
}
