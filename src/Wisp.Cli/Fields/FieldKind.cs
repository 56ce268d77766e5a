namespace Wisp.Cli.Fields;

/// <summary>What the value of a field is, which says how people see it and how it is compared.</summary>
internal enum FieldKind
{
    /// <summary>Text, a number, a truth value, or a list of them.</summary>
    Plain,
    /// <summary>MiB of memory.</summary>
    Memory,
    /// <summary>Bytes.</summary>
    Bytes,
    /// <summary>Milliseconds.</summary>
    Milliseconds,
    /// <summary>Microseconds on the wire, milliseconds for people and programs.</summary>
    Microseconds,
    /// <summary>A moment, RFC 3339.</summary>
    Moment,
    /// <summary>The address of an image, whose digest is long.</summary>
    Image,
    /// <summary>Words of a command line.</summary>
    Arguments,
    /// <summary>Names with values.</summary>
    Map,
}
