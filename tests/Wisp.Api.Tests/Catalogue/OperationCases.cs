using Wisp.Api.Http;
using Wisp.Api.Tests.Support;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Catalogue;

/// <summary>The cases of every operation. One that the catalogue has and this table has not makes a test fail.</summary>
internal static class OperationCases
{
    private const string One = "It is about one thing.";
    private const string Tag = "\"prop\":\"tags\",\"op\":\"add\",\"value\":[\"x\"]";
    private const string Limit = "\"prop\":\"hard_limit\",\"op\":\"set\",\"value\":9";
    private const string NotYet = "It is not supported yet.";
    private const string Scaling = "\"min_size\":0,\"create_args\":{\"template\":{\"name\":\"mould\"}}";

    private static readonly OperationCase[] Instances =
    [
        new("createInstance") { Body = """{"name":"new","image":"hello"}""", FailingBody = """{"name":"other","image":"absent"}""" },
        new("getInstances", "web"), new("getInstanceByUuid", "web") { NoPart = One },
        new("updateInstances", "idle", Tag), new("updateInstanceByUuid", "idle", Tag) { NoPart = One },
        new("deleteInstances", "idle"), new("deleteInstanceByUuid", "idle") { NoPart = One },
        new("startInstances", "idle"), new("startInstanceByUuid", "idle") { NoPart = One },
        new("stopInstances", "web"), new("stopInstanceByUuid", "web") { NoPart = One },
        new("suspendInstances", "web", "\"drain_timeout_ms\":0"), new("suspendInstanceByUuid", "web", "\"drain_timeout_ms\":0") { NoPart = One },
        new("waitInstances", "web") { Query = "timeout_s=0" }, new("waitInstanceByUuid", "web") { Query = "timeout_s=0", NoPart = One },
        new("getInstanceLogs", "web"), new("getInstanceLogsByUuid", "web") { NoPart = One },
        new("getInstanceMetrics", "web"), new("getInstanceMetricsByUuid", "web") { NoPart = One },
        new("getInstanceHistory", "web"), new("getInstanceHistoryByUuid", "web") { NoPart = One },
    ];

    private static readonly OperationCase[] Frozen =
    [
        new("createTemplateInstances", "idle"),
        new("createCheckpointInstances") { Body = """{"from":{"name":"idle"}}""", FailingBody = """{"from":{"name":"absent"}}""" },
        new("getTemplateInstances", "mould"), new("getTemplateInstanceByUuid", "mould") { NoPart = One },
        new("updateTemplateInstances", "mould", Tag), new("updateTemplateInstanceByUuid", "mould", Tag) { NoPart = One },
        new("deleteTemplateInstances", "mould"), new("deleteTemplateInstanceByUuid", "mould") { NoPart = One },
        new("getCheckpointInstances", "before"), new("getCheckpointInstanceByUuid", "before") { NoPart = One },
        new("updateCheckpointInstances", "before", Tag), new("updateCheckpointInstanceByUuid", "before", Tag) { NoPart = One },
        new("deleteCheckpointInstances", "before"), new("deleteCheckpointInstanceByUuid", "before") { NoPart = One },
        new("getCheckpointHistory", "before"), new("getCheckpointHistoryByUuid", "before") { NoPart = One },
    ];

    private static readonly OperationCase[] Services =
    [
        new("createServiceGroup") { Body = """{"name":"new","services":[{"port":9000,"ip":"127.0.0.1"}]}""", FailingBody = """{"services":[]}""", Code = 7 },
        new("getServiceGroups", "edge"), new("getServiceGroupByUuid", "edge") { NoPart = One },
        new("updateServiceGroups", "edge", Limit), new("updateServiceGroupByUuid", "edge", Limit) { NoPart = One },
        new("deleteServiceGroups", "spare"), new("deleteServiceGroupByUuid", "spare") { NoPart = One },
        new("createAutoscaleConfigurations", "edge", Scaling), new("createAutoscaleConfigurationByServiceGroupUuid", "edge", Scaling) { NoPart = One },
        new("changeAutoscaleConfigurations", "scaled", "\"max_size\":3"),
        new("getServiceGroupMetrics", "edge"),
        new("getAutoscaleConfigurations", "scaled"), new("getAutoscaleConfigurationsByServiceGroupUuid", "scaled") { NoPart = One },
        new("deleteAutoscaleConfigurations", "scaled"), new("deleteAutoscaleConfigurationsByServiceGroupUuid", "scaled") { NoPart = One },
        new("createAutoscaleConfigurationPolicy", "scaled", "\"name\":\"more\",\"type\":{\"metric\":\"cpu\",\"steps\":[{\"lower_bound\":600,\"adjustment\":1}]}") { NoPart = One },
        new("getAutoscaleConfigurationPolicies", "scaled") { NoPart = One }, new("getAutoscaleConfigurationPolicyByName", "scaled") { NoPart = One },
        new("deleteAutoscaleConfigurationPolicies", "scaled", "\"name\":\"policy\"") { NoPart = One }, new("deleteAutoscaleConfigurationPolicyByName", "scaled") { NoPart = One },
    ];

    private static readonly OperationCase[] Certificates =
    [
        new("createCertificate") { Body = $$"""{"name":"new","common_name":"shop.example",{{FurnishedApi.Shop.Members}}}""", FailingBody = """{"common_name":"shop.example","chain":"c","pkey":"p"}""", Code = 7 },
        new("getCertificates", "shop"), new("getCertificateByUuid", "shop") { NoPart = One },
        new("updateCertificates", "shop", FurnishedApi.Shop.Members), new("updateCertificateByUuid", "shop", FurnishedApi.Shop.Members) { NoPart = One },
        new("deleteCertificates", "shop"), new("deleteCertificateByUuid", "shop") { NoPart = One },
        new("getCertificateAuthority") { NoItem = "It is about the node.", NoPart = One },
    ];

    private static readonly OperationCase[] Images =
    [
        new("getImageStore") { NoItem = "It shows what is there.", NoPart = One }, new("getImages") { NoItem = "It shows what is there.", NoPart = One },
        new("pinImages") { Body = """{"url":"hello","timeout_s":-1}""", FailingBody = """{"url":"absent","timeout_s":-1}""" },
        // Of the images of the node, nothing is made of this one.
        new("unpinImages") { Body = $$"""{"uuid":"{{StableUuid.Of("image", "mute@sha256:" + new string('a', 64))}}"}""", FailingBody = """{"uuid":"7f0c1d3e-0000-4000-8000-000000000000"}""" },
    ];

    private static readonly OperationCase[] Node =
    [
        new("healthz") { NoItem = "It is about the node.", NoPart = One }, new("getUser") { NoItem = "It is about whoever asks.", NoPart = One },
        new("getUserByUuid") { NoSuccess = "The node's own user is whoever asks; another test asks for others." },
        new("listMetros") { NoItem = "It is about the server.", NoPart = One }, new("getAuthorization") { NoItem = "It is about the token.", NoPart = One },
        new("listImages") { NoItem = "It shows what is there.", NoPart = One },
        new("getSnapshots") { NoPart = "What there is has no name, and a uuid that no table knows." }, new("getSnapshotByUuid") { NoSuccess = "The same." },
        new("tunnelInstanceByUuid") { Query = "port=80", NoSuccess = "It answers with a WebSocket; other tests open one." },
        new("collectSnapshots") { NoItem = "It is about all of them.", NoPart = One },
    ];

    private static readonly OperationCase[] Users =
    [
        new("getUsers", "ada"), new("updateUsers", "ada", "\"prop\":\"instances\",\"op\":\"set\",\"value\":5"), new("deleteUsers", "ada"),
        new("createUsers") { Body = """{"name":"new"}""", FailingBody = """{"name":"a--b"}""", Code = 7 },
        new("getTokens", "ada"), new("createTokens", "ada", "\"role\":\"read\""),
        new("revokeTokens") { Body = """{"id":"@token"}""", FailingBody = """{"id":"absent"}""" },
    ];

    private static readonly OperationCase[] Unsupported =
    [
        Later("createVolume", named: false), Nothing("getVolumes"), Nothing("getVolumeByUuid"), Later("updateVolumes", Tag), Later("updateVolumeByUuid", Tag),
        Later("deleteVolumes"), Later("deleteVolumeByUuid"), Later("attachVolumes", "\"attach_to\":{\"name\":\"web\"},\"at\":\"/data\""), Later("attachVolumeByUuid", "\"attach_to\":{\"name\":\"web\"},\"at\":\"/data\""),
        Later("detachVolumes"), Later("detachVolumeByUuid"), Later("cloneVolumes"), Later("cloneVolumeByUuid"), Later("createTemplateVolume"),
        Nothing("getTemplateVolumes"), Nothing("getTemplateVolumeByUuid"), Later("updateTemplateVolumes", Tag), Later("updateTemplateVolumeByUuid", Tag), Later("deleteTemplateVolumes"), Later("deleteTemplateVolumeByUuid"),
        .. OperationCatalogue.All.Where(operation => operation is { Plane: OperationPlane.ControlPlane, Support: SupportLevel.NotYet })
            .Select(operation => new OperationCase(operation.Id) { NoSuccess = NotYet, NoItem = "Another test asks every one of these." }),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, OperationCase> All { get; } =
        ((OperationCase[])[.. Instances, .. Frozen, .. Services, .. Certificates, .. Images, .. Node, .. Users, .. Unsupported]).ToDictionary(one => one.Id, StringComparer.Ordinal);

    private static OperationCase Later(string id, string members = "", bool named = true) =>
        new(id, named ? "edge" : null, members) { NoSuccess = NotYet, Code = 1, FailingBody = named ? null : $"{{{members}}}" };

    private static OperationCase Nothing(string id) => new(id) { NoSuccess = NotYet };
}
