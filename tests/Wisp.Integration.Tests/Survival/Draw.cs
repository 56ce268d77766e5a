using System.Globalization;
using System.Text.Json.Nodes;

namespace Wisp.Integration.Tests.Survival;

/// <summary>Draws changes that are accepted: what a client sets of its own resources, as the platform API describes it.</summary>
/// <param name="client">The client, whose resources nobody else touches.</param>
/// <param name="random">Draws.</param>
internal sealed class Draw(int client, Random random)
{
    private static readonly string[] Words = ["amber", "birch", "cedar", "delta", "ember", "fjord"];

    /// <summary>The next change of what there is.</summary>
    public Change Next(IReadOnlyDictionary<Resource, JsonObject> present)
    {
        var number = random.Next(4);
        var instance = new Resource(ResourceKind.Instance, $"i{client}-{number}");
        var template = new Resource(ResourceKind.Template, instance.Name);
        var group = new Resource(ResourceKind.Group, $"g{client}-{number}");
        var checkpoint = new Resource(ResourceKind.Checkpoint, $"c{client}-{number}");
        switch (random.Next(10))
        {
            case 0 or 1:
                return present.TryGetValue(group, out var ports) ? ChangeGroup(group, ports) : MakeGroup(group, number);
            case 2 or 3 when present.TryGetValue(checkpoint, out var copy):
                return ChangeFrozen(checkpoint, copy);
            case 2 or 3 when present.ContainsKey(instance):
                return MakeCheckpoint(checkpoint, instance);
        }

        return present.TryGetValue(template, out var original) ? ChangeFrozen(template, original)
            : !present.TryGetValue(instance, out var found) ? MakeInstance(instance)
            // It keeps its name, its uuid and its labels.
            : random.Next(6) == 0 && found["delete_lock"] is null ? Convert(instance, template, found)
            : ChangeInstance(instance, found);
    }

    private Change MakeInstance(Resource resource)
    {
        var item = new JsonObject
        {
            ["memory_mb"] = 128 + random.Next(64), ["vcpus"] = 1, ["restart_policy"] = "never", ["hostname"] = resource.Name, ["env"] = Map(), ["tags"] = Tags(), ["annotations"] = Map(),
        };
        var body = item.DeepClone().AsObject();
        body["name"] = resource.Name;
        body["image"] = "hollow";
        if (random.Next(3) == 0)
        {
            body["service_group"] = new JsonObject { ["services"] = new JsonArray(Service(9000 + random.Next(4), $"127.77.{client}.{resource.Name[^1]}")) };
        }

        return new Change(HttpMethod.Post, "/v1/instances", body.ToJsonString(), [Only(resource, item)]);
    }

    private Change MakeGroup(Resource resource, int number)
    {
        var item = new JsonObject
        {
            ["soft_limit"] = 1 + random.Next(5), ["hard_limit"] = 10 + random.Next(5), ["services"] = new JsonArray(Service(8000 + random.Next(4), $"127.78.{client}.{1 + number}")),
            ["domains"] = new JsonArray(Domain(Word())),
        };
        var body = item.DeepClone().AsObject();
        body["name"] = resource.Name;
        body["domains"] = new JsonArray(new JsonObject { ["name"] = item["domains"]![0]!["fqdn"]!.GetValue<string>() + "." });
        return new Change(HttpMethod.Post, "/v1/services", body.ToJsonString(), [Only(resource, item)]);
    }

    private Change MakeCheckpoint(Resource resource, Resource from)
    {
        var item = new JsonObject { ["tags"] = Tags(), ["checkpoint_autokill"] = Autokill() };
        return new Change(
            HttpMethod.Post, ResourceKind.Checkpoint.Path,
            new JsonObject
            {
                ["from"] = new JsonObject { ["name"] = from.Name }, ["name"] = resource.Name, ["timeout_s"] = 20,
                ["tags"] = item["tags"]!.DeepClone(), ["autokill"] = item["checkpoint_autokill"]!.DeepClone(),
            }.ToJsonString(),
            [Only(resource, item)]);
    }

    private Change Convert(Resource instance, Resource template, JsonObject before)
    {
        var item = new JsonObject { ["template_autokill"] = Autokill() };
        if (before["tags"] is { } tags)
        {
            item["tags"] = tags.DeepClone();
        }

        return new Change(
            HttpMethod.Post, ResourceKind.Template.Path,
            new JsonObject { ["name"] = instance.Name, ["timeout_s"] = 20, ["autokill"] = item["template_autokill"]!.DeepClone() }.ToJsonString(),
            [new Dictionary<Resource, JsonObject?> { [instance] = null, [template] = item }]);
    }

    private Change ChangeInstance(Resource resource, JsonObject item) =>
        random.Next(8) == 0 && item["delete_lock"] is null ? Delete(resource) : Patch(resource, item, () => random.Next(9) switch
        {
            0 => Set("memory_mb", 128 + random.Next(64)),
            1 => Set("args", new JsonArray("/hollow", Word())),
            2 => Values("env"),
            3 => Values("annotations"),
            4 => Lock(item),
            5 => Set("restart_policy", Words.Length % 2 == random.Next(2) ? "always" : "on-failure"),
            6 => Set("autokill", Autokill()),
            7 => Schedule(),
            _ => Tag(),
        });

    private Change ChangeFrozen(Resource resource, JsonObject item) =>
        random.Next(6) == 0 && item["delete_lock"] is null ? Delete(resource) : Patch(resource, item, () => random.Next(3) switch
        {
            0 => Lock(item),
            1 => Set(resource.Kind == ResourceKind.Template ? "template_autokill" : "checkpoint_autokill", Autokill()),
            _ => Tag(),
        });

    private Change ChangeGroup(Resource resource, JsonObject item) =>
        random.Next(8) == 0 ? Delete(resource) : Patch(resource, item, () => random.Next(4) switch
        {
            0 => Set("soft_limit", 1 + random.Next(9)),
            1 => Set("hard_limit", 10 + random.Next(9)),
            2 => Replace("services", "set", new JsonArray(Service(8000 + random.Next(4), item["services"]![0]!["ip"]!.GetValue<string>()))),
            _ => Domains(),
        });

    private static Change Delete(Resource resource) =>
        new(HttpMethod.Delete, resource.Kind.Path, new JsonArray(new JsonObject { ["name"] = resource.Name }).ToJsonString(), [Only(resource, null)]);

    // One to three items, each of which is a commit.
    private Change Patch(Resource resource, JsonObject item, Func<(JsonObject Item, Action<JsonObject> Apply)> draw)
    {
        var (items, steps) = (new JsonArray(), new List<IReadOnlyDictionary<Resource, JsonObject?>>());
        var state = item;
        for (var left = 1 + random.Next(3); left > 0; left--)
        {
            var (change, apply) = draw();
            change["name"] = resource.Name;
            change["id"] = Word();
            items.Add(change);
            state = state.DeepClone().AsObject();
            apply(state);
            steps.Add(Only(resource, state));
        }

        return new Change(HttpMethod.Patch, resource.Kind.Path, items.ToJsonString(), steps);
    }

    private (JsonObject, Action<JsonObject>) Set(string property, JsonNode value) => Replace(property, "set", value);

    private static (JsonObject, Action<JsonObject>) Replace(string property, string operation, JsonNode value) => (
        new JsonObject { ["prop"] = property.EndsWith("autokill", StringComparison.Ordinal) ? "autokill" : property, ["op"] = operation, ["value"] = value },
        state => state[property] = value.DeepClone());

    private (JsonObject, Action<JsonObject>) Values(string property)
    {
        var key = Word();
        switch (random.Next(3))
        {
            case 0:
                return (new JsonObject { ["prop"] = property, ["op"] = "del", ["value"] = key }, state => Prune(state, property, values => values.AsObject().Remove(key)));
            case 1:
                return Replace(property, "set", Map());
            default:
                var value = Number();
                return (new JsonObject { ["prop"] = property, ["op"] = "add", ["value"] = new JsonObject { [key] = value } }, state => (state[property] ??= new JsonObject())[key] = value);
        }
    }

    private (JsonObject, Action<JsonObject>) Tag()
    {
        var tag = Word();
        return random.Next(3) switch
        {
            0 => (new JsonObject { ["prop"] = "tags", ["op"] = "del", ["value"] = new JsonArray(tag) }, state => Prune(state, "tags", tags =>
            {
                if (tags.AsArray().FirstOrDefault(other => other!.GetValue<string>() == tag) is { } found)
                {
                    tags.AsArray().Remove(found);
                }
            })),
            1 => Replace("tags", "set", new JsonArray(tag)),
            _ => (new JsonObject { ["prop"] = "tags", ["op"] = "add", ["value"] = new JsonArray(tag) }, state =>
            {
                var tags = (state["tags"] ??= new JsonArray()).AsArray();
                if (tags.All(other => other!.GetValue<string>() != tag))
                {
                    tags.Add(tag);
                }
            }),
        };
    }

    private (JsonObject, Action<JsonObject>) Schedule()
    {
        var schedule = new JsonObject { ["name"] = Word(), ["when"] = "2099-01-01", ["action"] = "start" };
        return random.Next(2) == 0
            ? (new JsonObject { ["prop"] = "schedules", ["op"] = "del" }, state => state.Remove("schedules"))
            : Replace("schedules", "set", new JsonArray(schedule));
    }

    private (JsonObject, Action<JsonObject>) Lock(JsonObject item)
    {
        var locks = random.Next(2) == 0 && item["delete_lock"] is null;
        return (new JsonObject { ["prop"] = "delete_lock", ["op"] = "set", ["value"] = locks }, state =>
        {
            state.Remove("delete_lock");
            if (locks)
            {
                state["delete_lock"] = true;
            }
        });
    }

    private (JsonObject, Action<JsonObject>) Domains()
    {
        var domain = Domain(Word());
        return (
            new JsonObject { ["prop"] = "domains", ["op"] = "add", ["value"] = new JsonArray(new JsonObject { ["name"] = domain["fqdn"]!.GetValue<string>() + "." }) },
            state =>
            {
                if (state["domains"]!.AsArray().All(other => other!["fqdn"]!.GetValue<string>() != domain["fqdn"]!.GetValue<string>()))
                {
                    state["domains"]!.AsArray().Add(domain.DeepClone());
                }
            });
    }

    // What is empty is left out of answers.
    private static void Prune(JsonObject state, string property, Action<JsonNode> remove)
    {
        if (state[property] is not { } values)
        {
            return;
        }

        remove(values);
        if (values is JsonObject { Count: 0 } or JsonArray { Count: 0 })
        {
            state.Remove(property);
        }
    }

    private static Dictionary<Resource, JsonObject?> Only(Resource resource, JsonObject? item) => new() { [resource] = item };

    private static JsonObject Service(int port, string ip) =>
        new() { ["port"] = port, ["destination_port"] = 80, ["protocol"] = "tcp", ["ip"] = ip, ["handlers"] = new JsonArray("http") };

    private static JsonObject Domain(string word) => new() { ["fqdn"] = $"{word}.example" };

    private static JsonObject Autokill() => new() { ["time_ms"] = 86_400_000 };

    private JsonObject Map() => new() { [Word()] = Number() };

    private JsonArray Tags() => new(Word());

    private string Word() => Words[random.Next(Words.Length)];

    private string Number() => random.Next(1000).ToString(CultureInfo.InvariantCulture);
}
