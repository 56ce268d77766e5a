namespace Wisp.Platform.Schedules;

/// <summary>What a schedule does.</summary>
public enum ScheduleAction
{
    /// <summary>Starts the instance, or wakes it.</summary>
    Start,
    /// <summary>Stops it.</summary>
    Stop,
    /// <summary>Deletes it, unless it is locked.</summary>
    Delete,
    /// <summary>Makes a checkpoint of it.</summary>
    Checkpoint,
    /// <summary>Runs a command in it; not supported.</summary>
    Exec,
}
