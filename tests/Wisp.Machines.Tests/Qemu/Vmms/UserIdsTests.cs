using Wisp.Machines.Qemu.Vmms;

namespace Wisp.Machines.Tests.Qemu.Vmms;

public sealed class UserIdsTests
{
    private readonly Guid _one = Guid.NewGuid(), _other = Guid.NewGuid();

    [Fact]
    public void Each_vmm_has_its_own_and_none_is_left_when_all_are_taken()
    {
        var users = new UserIds(1000, 2);
        Assert.Equal([1000, 1001, null], [users.Take(_one), users.Take(_other), users.Take(Guid.NewGuid())]);
    }

    [Fact]
    public void What_is_given_back_is_given_out_again()
    {
        var users = new UserIds(1000, 1);
        users.Return(users.Take(_one)!.Value, _one);
        Assert.Equal(1000, users.Take(_other));
    }

    /// <summary>A record that could not be deleted may name a number that somebody else has since.</summary>
    [Fact]
    public void Only_who_has_one_gives_it_back()
    {
        var users = new UserIds(1000, 1);
        users.Take(_one);
        users.Return(1000, _other);
        Assert.Null(users.Take(_other));
    }

    [Fact]
    public void One_that_an_earlier_process_gave_out_is_not_given_out_again_until_it_is_back()
    {
        var users = new UserIds(1000, 2);
        users.Note(1000, _one);
        users.Note(1000, _one);
        Assert.Equal([1001, null], [users.Take(_other), users.Take(_other)]);
        users.Return(1000, _one);
        Assert.Equal(1000, users.Take(_other));
    }
}
