using CsCheck;
using Wisp.Guest.Entrypoint;

namespace Wisp.Guest.Tests.Entrypoint;

/// <summary>USER as Docker's runtime reads it (opencontainers/runc, libcontainer/user).</summary>
public sealed class UserDatabaseTests
{
    private const string Passwd = """
        root:x:0:0:root:/root:/bin/bash
        # a comment
        app:x:1000:1000:App:/home/app:/bin/sh
        twin:x:1000:1001::/home/twin:/bin/sh
        nohome:x:1002:1002:::
        short:x:1003:1003
        broken:x:abc:1
        1005:x:1500:1500::/home/numeric:
        """;

    private const string Groups = """
        root:x:0:
        app:x:1000:
        staff:x:50:app,other
        docker:x:999:other,app
        same:x:1000:app
        7:x:70:
        """;

    [Theory]
    [InlineData("", 0, 0, "/root")]
    [InlineData("root", 0, 0, "/root")]
    [InlineData("0", 0, 0, "/root")]
    [InlineData("app", 1000, 1000, "/home/app")]
    [InlineData("1000", 1000, 1000, "/home/app")]
    [InlineData("twin", 1000, 1001, "/home/twin")]
    [InlineData("app:staff", 1000, 50, "/home/app")]
    [InlineData("app:50", 1000, 50, "/home/app")]
    [InlineData("app:4242", 1000, 4242, "/home/app")]
    [InlineData("app:", 1000, 1000, "/home/app")]
    [InlineData(":staff", 0, 50, "/root")]
    [InlineData("4711", 4711, 0, "/")]
    [InlineData("4711:4712", 4711, 4712, "/")]
    [InlineData("4711:docker", 4711, 999, "/")]
    [InlineData("nohome", 1002, 1002, "/")]
    [InlineData("short", 1003, 1003, "/")]
    public void A_user_is_found_by_name_or_number(string user, uint uid, uint gid, string home)
    {
        Assert.True(UserDatabase.TryResolve(user, Passwd, Groups, out var identity, out _));
        Assert.Equal((uid, gid, home), (identity.User, identity.Group, identity.Home));
    }

    [Theory]
    [InlineData("1005", 1005, 0)]
    [InlineData("app:7", 1000, 7)]
    public void A_number_is_an_id_even_where_something_is_named_like_it(string user, uint uid, uint gid)
    {
        Assert.True(UserDatabase.TryResolve(user, Passwd, Groups, out var identity, out _));
        Assert.Equal((uid, gid), (identity.User, identity.Group));
    }

    [Fact]
    public void A_user_is_in_all_groups_that_name_him()
    {
        Assert.True(UserDatabase.TryResolve("app", Passwd, Groups, out var identity, out _));
        Assert.Equal([50u, 999u], identity.Supplementary);
    }

    [Fact]
    public void Who_names_a_group_is_in_that_one_alone()
    {
        Assert.True(UserDatabase.TryResolve("app:docker", Passwd, Groups, out var identity, out _));
        Assert.Empty(identity.Supplementary);
    }

    [Theory]
    [InlineData("nobody", "unable to find user nobody: no matching entries in passwd file")]
    [InlineData("broken", "unable to find user broken: no matching entries in passwd file")]
    [InlineData("app:nogroup", "unable to find group nogroup: no matching entries in group file")]
    [InlineData("-1", "unable to find user -1: no matching entries in passwd file")]
    [InlineData("4294967296", "unable to find user 4294967296: no matching entries in passwd file")]
    public void An_unknown_one_is_refused_in_dockers_words(string user, string words)
    {
        Assert.False(UserDatabase.TryResolve(user, Passwd, Groups, out _, out var failure));
        Assert.Equal(words, failure);
    }

    [Theory]
    [InlineData("", 0u, "/")]
    [InlineData("root", null, null)]
    [InlineData("65532:65532", 65532u, "/")]
    public void An_image_without_passwd_knows_numbers_only(string user, uint? uid, string? home)
    {
        Assert.Equal(uid is not null, UserDatabase.TryResolve(user, null, null, out var identity, out _));
        Assert.True(uid is null || (identity.User == uid && identity.Home == home));
    }

    [Fact]
    public void A_file_of_windows_line_ends_reads_the_same()
    {
        Assert.True(UserDatabase.TryResolve("app", Passwd.ReplaceLineEndings("\r\n"), Groups.ReplaceLineEndings("\r\n"), out var identity, out _));
        Assert.Equal("/home/app", identity.Home);
        Assert.Equal([50u, 999u], identity.Supplementary);
    }

    [Fact]
    public void Whatever_an_image_holds_there_is_an_answer() =>
        Gen.Select(Gen.OneOf(Gen.Const("app"), Gen.Const("0:app"), Gen.String), Garbage, Garbage).Sample((user, passwd, groups) =>
            UserDatabase.TryResolve(user, passwd, groups, out _, out var failure) == failure is null);

    private static readonly Gen<string> Garbage =
        Gen.OneOf(Gen.Const(":"), Gen.Const("\n"), Gen.Const("app"), Gen.Const("0"), Gen.Const("#"), Gen.Char.Select(c => c.ToString())).Array[0, 40].Select(string.Concat);
}
