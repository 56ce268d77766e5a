using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>Volumes and templates of volumes.</summary>
internal static class VolumeOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/volumes", "createVolume", "Makes a volume.")
        {
            Body = VolumeShapes.Create,
            Bulk = true,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("GET", "/volumes", "getVolumes", "Shows volumes.")
        {
            Query = CommonShapes.TaggedList,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "There are none yet: lists are empty, and whatever is named is not found.",
        },
        new("GET", "/volumes/{uuid}", "getVolumeByUuid", "Shows a volume.")
        {
            Query = [Member.Boolean("details", "false leaves name and uuid")],
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "There are none yet: lists are empty, and whatever is named is not found.",
        },
        new("PATCH", "/volumes", "updateVolumes", "Changes properties of volumes.")
        {
            Body = Shape.About("UpdateVolume", VolumeShapes.Changes),
            Bulk = true,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("PATCH", "/volumes/{uuid}", "updateVolumeByUuid", "Changes a property of a volume.")
        {
            Body = Shape.Of("UpdateVolumeByUuid", VolumeShapes.Changes),
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("DELETE", "/volumes", "deleteVolumes", "Removes volumes.")
        {
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("DELETE", "/volumes/{uuid}", "deleteVolumeByUuid", "Removes a volume.")
        {
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("PUT", "/volumes/attach", "attachVolumes", "Attaches volumes to instances.")
        {
            Body = Shape.About("AttachVolume", VolumeShapes.Attach),
            Bulk = true,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("PUT", "/volumes/{uuid}/attach", "attachVolumeByUuid", "Attaches a volume to an instance.")
        {
            Body = Shape.Of("AttachVolumeByUuid", VolumeShapes.Attach),
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("PUT", "/volumes/detach", "detachVolumes", "Detaches volumes.")
        {
            Body = Shape.About("DetachVolume", VolumeShapes.Detach),
            Bulk = true,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("PUT", "/volumes/{uuid}/detach", "detachVolumeByUuid", "Detaches a volume.")
        {
            Body = Shape.Of("DetachVolumeByUuid", VolumeShapes.Detach),
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("POST", "/volumes/clone", "cloneVolumes", "Copies volumes.")
        {
            Body = Shape.About("CloneVolume", VolumeShapes.Clone),
            Bulk = true,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("POST", "/volumes/{uuid}/clone", "cloneVolumeByUuid", "Copies a volume.")
        {
            Body = Shape.Of("CloneVolumeByUuid", VolumeShapes.Clone),
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("POST", "/volumes/templates", "createTemplateVolume", "Turns volumes into templates.")
        {
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("GET", "/volumes/templates", "getTemplateVolumes", "Shows templates of volumes.")
        {
            Query = CommonShapes.TaggedList,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "There are none yet: lists are empty, and whatever is named is not found.",
        },
        new("GET", "/volumes/templates/{uuid}", "getTemplateVolumeByUuid", "Shows a template of volumes.")
        {
            Query = [Member.Boolean("details", "false leaves name and uuid")],
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "There are none yet: lists are empty, and whatever is named is not found.",
        },
        new("PATCH", "/volumes/templates", "updateTemplateVolumes", "Changes properties of templates of volumes.")
        {
            Body = Shape.About("UpdateTemplateVolume", VolumeShapes.TemplateChanges),
            Bulk = true,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("PATCH", "/volumes/templates/{uuid}", "updateTemplateVolumeByUuid", "Changes a property of a template of volumes.")
        {
            Body = Shape.Of("UpdateTemplateVolumeByUuid", VolumeShapes.TemplateChanges),
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("DELETE", "/volumes/templates", "deleteTemplateVolumes", "Removes templates of volumes.")
        {
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
        new("DELETE", "/volumes/templates/{uuid}", "deleteTemplateVolumeByUuid", "Removes a template of volumes.")
        {
            Key = "volumes",
            Answer = WireJson.Default.EnvelopeVolumesData,
            Support = SupportLevel.NotYet,
            Note = "Volumes are not supported yet.",
        },
    ];
}
