namespace Wisp.Cli.Completion;

/// <summary>
/// The scripts. Each hands the line, without the command's own name, to the <c>[suggest]</c> directive, which prints what may come
/// at its end, a word a line.
/// </summary>
internal static class CompletionScript
{
    private const string Bash = """
        _wisp() {
            local line="${COMP_LINE:0:COMP_POINT}"
            line="${line#* }"
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _wisp wisp

        """;

    private const string Zsh = """
        #compdef wisp
        _wisp() {
            local line="${LBUFFER#* }"
            local -a words_found
            words_found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a words_found
            (( ${#words_found} )) || _files
        }
        compdef _wisp wisp

        """;

    private const string Fish = """
        function __wisp_complete
            set -l line (string replace -r '^\S+ ' '' -- (commandline -cp))
            wisp "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c wisp -a '(__wisp_complete)'

        """;

    /// <summary>The script of a shell.</summary>
    public static string For(string shell) => shell switch
    {
        "zsh" => Zsh,
        "fish" => Fish,
        _ => Bash,
    };
}
