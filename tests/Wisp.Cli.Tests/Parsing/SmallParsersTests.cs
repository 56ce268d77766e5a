using Wisp.Cli.Fields;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Tests.Parsing;

public sealed class SmallParsersTests
{
    [Theory]
    [InlineData("on", """{"policy":"on"}""")]
    [InlineData("off", """{"policy":"off"}""")]
    [InlineData("policy=on,cooldown-time=1000,stateful=true", """{"policy":"on","cooldown_time_ms":1000,"stateful":true}""")]
    [InlineData("cooldown-time=5s", """{"policy":"on","cooldown_time_ms":5000}""")]
    [InlineData("policy=idle,notify-time=0,stateful=false", """{"policy":"idle","notify_time_ms":0,"stateful":false}""")]
    public void A_sleep_policy_is_read(string text, string json) => Assert.Equal(json, ScaleToZeroSpec.Parse(text).Value.ToJsonString());

    [Theory]
    [InlineData("")]
    [InlineData("maybe")]
    [InlineData("on,")]
    [InlineData("stateful=yes")]
    [InlineData("cooldown-time=soon")]
    public void Another_sleep_policy_is_refused(string text) => Assert.True(ScaleToZeroSpec.Parse(text).Failed(out _, out _));

    [Fact]
    public void A_variable_keeps_its_commas_and_equal_signs_and_the_last_one_counts()
    {
        var values = NamedValues.Parse(["A=1", "B=x,y=z", "A=2", "C=", "HOME"], name => name == "HOME" ? "/root" : null).Value;
        Assert.Equal([("A", "2"), ("B", "x,y=z"), ("C", ""), ("HOME", "/root")], values.Select(pair => (pair.Key, pair.Value)));
    }

    [Theory]
    [InlineData("=x")]
    [InlineData("UNSET")]
    public void A_variable_without_a_name_or_a_value_is_refused(string text) =>
        Assert.True(NamedValues.Parse([text], _ => null).Failed(out _, out _));

    [Theory]
    [InlineData("hello", """{"name":"hello"}""")]
    [InlineData("11111111-2222-3333-4444-555555555555", """{"uuid":"11111111-2222-3333-4444-555555555555"}""")]
    [InlineData("name:11111111-2222-3333-4444-555555555555", """{"name":"11111111-2222-3333-4444-555555555555"}""")]
    public void A_uuid_is_told_from_a_name(string text, string json) => Assert.Equal(json, Reference.ToJson(text).ToJsonString());

    [Fact]
    public void A_resource_that_is_named_twice_is_asked_for_once() =>
        Assert.Equal("""[{"name":"a","force":true},{"name":"b","force":true}]""", Reference.ToJson(["a", "b", "a"], ("force", true)).ToJsonString());

    [Theory]
    [InlineData("state==running", "state", "==", "running")]
    [InlineData("state == standby", "state", "==", "standby")]
    [InlineData("stopped", "state", "==", "stopped")]
    [InlineData("restart.start-count>=2", "restart.start-count", ">=", "2")]
    public void A_condition_is_read(string text, string field, string how, string value) => Assert.Equal(new Filter(field, how, value), WaitCondition.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("state=running")]
    [InlineData("Running now")]
    [InlineData("name~=[")]
    public void Another_condition_is_refused(string text) => Assert.True(WaitCondition.Parse(text).Failed(out _, out _));

    [Fact]
    public void A_request_is_made_of_text_and_json() => Assert.Equal(
        """{"image":"a=b","memory_mb":256,"autostart":true,"env":{"A":"1"}}""",
        RequestData.Parse(["image=a=b", "memory_mb:=256", "autostart:=true", """env:={"A":"1"}"""], TextReader.Null).Value!.ToJsonString());

    [Theory]
    [InlineData("""{"a":{"b":"x","c":[1]}}""", "a[b]=x", "a[c][]:=1")]
    [InlineData("""[{"k":"v","l":true},{"k":"w"}]""", "[0][k]=v", "[0][l]:=true", "[1][k]=w")]
    [InlineData("""{"tags":["a","b"],"n":null}""", "tags[]=a", "tags[]=b", "n:=null")]
    [InlineData("""{"a":[{"b":"1"},{"b":"2"}]}""", "a[0][b]=1", "a[1][b]=2")]
    [InlineData("""{"at":"from input\nline"}""", "at=@-")]
    [InlineData("""{"deep":{"from":"input"}}""", "deep:=@-")]
    [InlineData("""{"from":"input"}""", "@-")]
    public void A_request_nests_and_reads_files(string json, params string[] texts)
    {
        using var input = new StringReader(json.Contains("line", StringComparison.Ordinal) ? "from input\nline" : """{"from":"input"}""");
        Assert.Equal(json, RequestData.Parse(texts, input).Value!.ToJsonString());
    }

    [Theory]
    [InlineData("a=1", "a[b]=2")]
    [InlineData("a[]=1", "a[b]=2")]
    [InlineData("[1][k]=v")]
    [InlineData("a=1", "[0]=2")]
    [InlineData("@/no/such/file")]
    public void What_does_not_fit_together_is_refused(params string[] texts) => Assert.True(RequestData.Parse(texts, TextReader.Null).Failed(out _, out _));

    [Fact]
    public void No_data_is_no_body() => Assert.Null(RequestData.Parse([], TextReader.Null).Value);

    [Theory]
    [InlineData("plain")]
    [InlineData("=x")]
    [InlineData(":=1")]
    [InlineData("a:={")]
    public void Other_data_is_refused(string text) => Assert.True(RequestData.Parse([text], TextReader.Null).Failed(out _, out _));
}
