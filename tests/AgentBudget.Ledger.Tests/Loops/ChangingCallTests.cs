namespace AgentBudget.Ledger.Tests;

public sealed class ChangingCallTests
{
    [Theory]
    [InlineData("Edit", """{"file_path":"a","old_string":"x","new_string":"y"}""")]
    [InlineData("MultiEdit", "sha256:00")]
    [InlineData("mcp__files__write_file", """{"path":"a","content":"x"}""")]
    [InlineData("str_replace_editor", """{"command":"str_replace","path":"a"}""")]
    [InlineData("str_replace_based_edit_tool", """{"command":"create","path":"a"}""")]
    [InlineData("apply_patch", "*** Begin Patch")]
    [InlineData("search_and_replace", """{"path":"a"}""")]
    [InlineData("deploy", """{"path":"a","patch":"x"}""")]
    [InlineData("bash", """{"command":"sed -i 's/a/b/' x.py && pytest"}""")]
    [InlineData("bash", """{"command":"cat <<'EOF' > x.py\nprint(1)\nEOF"}""")]
    [InlineData("execute_bash", """{"command":"cd /w && git checkout -- x.py"}""")]
    [InlineData("bash", """{"command":"npm install left-pad"}""")]
    [InlineData("run_shell_command", """{"command":"python - <<E\nopen('a','w').write('x')\nE"}""")]
    [InlineData("shell", """{"command":["bash","-lc","sed -i 's/a/b/' x.rs"]}""")]
    [InlineData("shell", """{"command":["apply_patch","*** Begin Patch\n*** End Patch"]}""")]
    [InlineData("shell", """{"cmd":["touch","a b"]}""")]
    [InlineData("bash", """{"command":"npx eslint --fix src"}""")]
    [InlineData("bash", """{"command":"npx prettier --write src/a.ts && npm test"}""")]
    [InlineData("bash", """{"command":"gofmt -w a.go"}""")]
    [InlineData("bash", """{"command":"kubectl set image deploy/a a=a:2"}""")]
    [InlineData("bash", """{"command":"docker build -t a:2 ."}""")]
    [InlineData("bash", """{"command":"terraform apply -auto-approve"}""")]
    [InlineData("bash", """{"command":"sudo systemctl restart a"}""")]
    public void Change_IsOne(string tool, string arguments) => Assert.True(Call.Tool(tool, arguments).Changes);

    [Theory]
    [InlineData("Read", """{"file_path":"a"}""")]
    [InlineData("get_updates", """{"since":"a"}""")]
    [InlineData("TodoWrite", """{"todos":[]}""")]
    [InlineData("str_replace_editor", """{"command":"view","path":"a"}""")]
    [InlineData("str_replace_based_edit_tool", "sha256:00")]
    [InlineData("cargo_test", """{"args":"-p core"}""")]
    [InlineData("bash", """{"command":"npm test -- solver 2>&1 | tail -5"}""")]
    [InlineData("bash", """{"command":"sed -n '1,5p' x.py"}""")]
    [InlineData("bash", """{"command":"grep -rn 'a > b' src > /dev/null; git status"}""")]
    [InlineData("bash", """{"command":"git diff | cat"}""")]
    [InlineData("shell", """{"command":["bash","-lc","cargo test 2>&1 | tail"]}""")]
    [InlineData("shell", """{"command":["grep","-rn","a > b",7]}""")]
    [InlineData("shell", """{"command":["\ud800"]}""")]
    [InlineData("bash", """{"command":"kubectl get pods -w; docker ps; systemctl status a"}""")]
    [InlineData("update_plan", """{"plan":[{"step":"a","status":"pending"}]}""")]
    [InlineData("save_memory", """{"fact":"a"}""")]
    [InlineData("write_memory", """{"name":"a","content":"b"}""")]
    [InlineData("bash", "not json")]
    [InlineData("bash", """{"command":"\ud800"}""")]
    public void Look_IsNone(string tool, string arguments) => Assert.False(Call.Tool(tool, arguments).Changes);

    [Theory]
    [InlineData("No match found (80% similar)", "No match found (81% similar)", "{}", "{}")]
    [InlineData("cat: a.txt: No such file", "cat: src/b.txt: No such file", "{}", "{}")]
    [InlineData("foo: command not found", "barbar: command not found", """{"command":"foo"}""", """{"command":"barbar --x"}""")]
    [InlineData("Unknown user some name", "Unknown user other one", """{"user":"some name"}""", """{"user":"other one"}""")]
    [InlineData(
        "line 3\n  return foo(bar\nSyntaxError",
        "line 9\n  yield baz(\n    ^\nSyntaxError",
        """{"code":"x\n  return foo(bar"}""",
        """{"code":"y\n  yield baz(\n    ^"}"""
    )]
    [InlineData("sh: jq: not found", "sh: gawk: not found", """{"command":"jq . a"}""", """{"command":"gawk 1 a"}""")]
    [InlineData("Error: not found", "Error: not found", """{"path":"a/notes.md"}""", """{"path":"a/b.md"}""")]
    [InlineData(
        "Error: File missing: a/b.ts",
        "Error: File missing: a/FileList.ts",
        """{"path":"a/b.ts"}""",
        """{"path":"a/FileList.ts"}"""
    )]
    [InlineData(
        "Text to replace not found.\nText:   return some;\n}",
        "Text to replace not found.\nText: if (other)",
        """{"old_string":"  return some;\n}"}""",
        """{"old_string":"if (other)"}"""
    )]
    [InlineData(
        "a.c:3:9: error: expected ;\n  3 |   int some = 1 return\n    |       ^~~~",
        "a.c:12:9: error: expected ;\n> 12 |   long other = f return\n     |       ^~~~",
        """{"source":"int some = 1 return some"}""",
        """{"source":"long other = f return other"}"""
    )]
    public void FailureShape_OfWhatVariesWithTheArguments_IsTheSame(
        string left,
        string right,
        string leftArguments,
        string rightArguments
    ) => Assert.Equal(ResultFingerprint.OfFailure(left, leftArguments) >> 32, ResultFingerprint.OfFailure(right, rightArguments) >> 32);

    [Theory]
    [InlineData("No such file", "Permission denied")]
    [InlineData("TypeError: can't add", "ValueError: can't add")]
    [InlineData("3 failed", "3 passed")]
    public void FailureShape_OfOtherFailures_Differs(string left, string right) =>
        Assert.NotEqual(ResultFingerprint.OfFailure(left) >> 32, ResultFingerprint.OfFailure(right) >> 32);

    // Agents cut texts in the middle of a character.
    [Theory]
    [InlineData("{\"path\":\"a file \ud83d\"}")]
    [InlineData("{\"path\":\"a file \\ud83d\"}")]
    [InlineData("\ud83d")]
    public void FailureShape_OfArgumentsWithHalfACharacter_IsMade(string arguments) =>
        Assert.Equal(
            ResultFingerprint.OfFailure("no such file: '12'", arguments) >> 32,
            ResultFingerprint.OfFailure("no such file: '13'", arguments) >> 32
        );

    [Theory]
    [InlineData("tick 4, 12 left", "tick 5, 11 left", true)]
    [InlineData("1,234.5 bytes.", "7 bytes.", true)]
    [InlineData("10% done", "11% done", false)]
    [InlineData("3/17", "4/17", false)]
    [InlineData("3 of 17", "4 of 17", false)]
    [InlineData("mod1.dll", "mod2.dll", false)]
    [InlineData("no number", "another", false)]
    public void ResultShape_LeavesOutWhatCounts(string left, string right, bool areTheSame) =>
        Assert.Equal(areTheSame, ResultFingerprint.Of(left) >> 32 == ResultFingerprint.Of(right) >> 32);

    [Fact]
    public void ResultFingerprint_OfOtherText_DiffersInItsLowerHalf()
    {
        Assert.NotEqual((uint)ResultFingerprint.Of("7 left"), (uint)ResultFingerprint.Of("8 left"));
        Assert.Equal(
            (uint)ResultFingerprint.OfFailure("no a", """{"a":"b"}"""),
            (uint)ResultFingerprint.OfFailure("no a", """{"a":"no a"}""")
        );
    }
}
