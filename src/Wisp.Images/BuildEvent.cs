namespace Wisp.Images;

/// <summary>Something a person who waits for a build wants to see.</summary>
public abstract record BuildEvent
{
    private BuildEvent() { }

    /// <summary>A new phase or Dockerfile step begins, e.g. <c>STEP 2/5: RUN apt-get …</c>.</summary>
    /// <param name="Title">One line.</param>
    public sealed record Step(string Title) : BuildEvent;

    /// <summary>A line of output.</summary>
    /// <param name="Text">The line.</param>
    public sealed record Output(string Text) : BuildEvent;

    /// <summary>A choice that was made for the user and must not be silent, e.g. where a base image comes from.</summary>
    /// <param name="Text">One sentence.</param>
    public sealed record Notice(string Text) : BuildEvent;
}
