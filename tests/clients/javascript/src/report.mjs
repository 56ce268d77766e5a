// Which methods a check calls, and whether it holds: one line of JSON for each check, and one for each method that no check called.

const known = new Set();
const called = new Set();
let current;

/** Notes every call of the methods of a class. */
export function watch(name, type) {
    for (const method of Object.getOwnPropertyNames(type.prototype)) {
        const property = Object.getOwnPropertyDescriptor(type.prototype, method);
        if (method === "constructor" || typeof property.value !== "function") {
            continue;
        }

        const label = `${name}.${method}`;
        const original = property.value;
        known.add(label);
        Object.defineProperty(type.prototype, method, {
            ...property,
            value: function (...rest) {
                called.add(label);
                current?.add(label);
                return original.apply(this, rest);
            },
        });
    }
}

/** Runs a check. It holds when nothing is thrown. */
export async function check(what, work) {
    const calls = new Set();
    current = calls;
    let why;
    try {
        await work();
    } catch (error) {
        why = error?.body === undefined ? String(error?.stack ?? error) : `${error}: ${JSON.stringify(error.body)}`;
    }

    current = undefined;
    write({ check: what, calls: [...calls].sort(), ok: why === undefined, why });
    return why === undefined;
}

/** Says what was never called. */
export function finish() {
    for (const label of [...known].sort()) {
        if (!called.has(label)) {
            write({ check: `${label} is called`, calls: [label], ok: false, why: "No check calls it." });
        }
    }
}

export function holds(condition, what, seen) {
    if (!condition) {
        throw new Error(`${what}: ${JSON.stringify(seen)}`);
    }
}

/** The items of an answer that went well as a whole. */
export function items(answer, key) {
    holds(answer.status === "success", "not a success", answer);
    const list = answer.data?.[key];
    holds(Array.isArray(list) && Object.keys(answer.data).length === 1, `no list '${key}'`, answer);
    holds(Number.isInteger(answer.op_time_us), "no op_time_us", answer);
    return list;
}

export function one(answer, key) {
    const list = items(answer, key);
    holds(list.length === 1, "not one item", answer);
    return list[0];
}

/** The one item failed with this code; that is an answer all the same. */
export function failed(answer, key, code) {
    const list = answer.data?.[key];
    holds(answer.status === "error" && Array.isArray(list), "not a failure of items", answer);
    holds(list.every((item) => item.status === "error" && item.error === code && item.message), `not the error ${code}`, answer);
    return list;
}

/** The call is refused, with these words. */
export async function refuses(work, words, status) {
    let answer;
    try {
        answer = await work();
    } catch (error) {
        holds(error?.message?.includes(words), `not refused with '${words}'`, error?.message ?? error);
        holds(status === undefined || error.status === status, `not refused with the status ${status}`, error?.status);
        return;
    }

    throw new Error(`not refused: ${JSON.stringify(answer)}`);
}

export async function all(list) {
    const found = [];
    for await (const item of list) {
        found.push(item);
    }

    return found;
}

function write(line) {
    process.stdout.write(JSON.stringify(line) + "\n");
}
